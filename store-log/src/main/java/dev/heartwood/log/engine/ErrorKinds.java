package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import io.vavr.collection.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meaning of an engine's errors by their codes: which of them say that a request was not applied. Immutable. */
public final class ErrorKinds {
    /** No codes: every error leaves its request in doubt. */
    public static final ErrorKinds NONE = new ErrorKinds(LinkedHashMap.empty());

    private final LinkedHashMap<String, Kind> kinds;

    private record Kind(boolean isRefused, String advice) {
        LogException of(String message, @Nullable Throwable cause) {
            return isRefused ? new Refused(message + advice, cause) : new Unavailable(message + advice, cause);
        }
    }

    private ErrorKinds(LinkedHashMap<String, Kind> kinds) {
        this.kinds = kinds;
    }

    /** Errors of these codes say that the request was not applied, and may succeed later. */
    public ErrorKinds unavailable(String... codes) {
        return with(new Kind(false, ""), codes);
    }

    /**
     * Errors of these codes say that the request was not applied, and that trying again is useless until somebody acts.
     *
     * @param advice a sentence for an operator, which begins with a space; empty for none
     */
    public ErrorKinds refused(String advice, String... codes) {
        return with(new Kind(true, advice), codes);
    }

    private ErrorKinds with(Kind kind, String... codes) {
        LinkedHashMap<String, Kind> more = kinds;
        for (String code : codes) {
            more = more.put(code, kind);
        }
        return new ErrorKinds(more);
    }

    /**
     * The kind of an error.
     *
     * @param message the error in words, without a password and without the contents of the tree
     * @param codes the codes of the error; the first one that is known counts
     * @return {@link InDoubt} if none of them is known
     */
    public LogException of(String message, @Nullable Throwable cause, List<String> codes) {
        for (String code : codes) {
            if (kinds.containsKey(code)) {
                return kinds.get(code).get().of(message, cause);
            }
        }
        return new InDoubt(message, cause);
    }

    /**
     * The kind of an error that says in words what it is: the first code that the words contain counts, in the order in which
     * the codes were named.
     *
     * @return {@link InDoubt} if they contain none
     */
    public LogException in(String message, @Nullable Throwable cause) {
        return kinds.find(kind -> message.contains(kind._1))
                .map(kind -> kind._2.of(message, cause))
                .getOrElse(() -> new InDoubt(message, cause));
    }
}
