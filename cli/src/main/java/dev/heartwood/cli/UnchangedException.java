package dev.heartwood.cli;

import dev.heartwood.StoreException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A command that was to make a commit was refused before it had one: surely nothing was changed, and its message says so. */
final class UnchangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Pattern SAID = Pattern.compile("(?i)nothing (is|was) changed");

    private final StoreException refusal;

    UnchangedException(StoreException refusal) {
        super(sentence(refusal.getMessage()), refusal);
        this.refusal = refusal;
    }

    private static String sentence(@Nullable String reason) {
        String text = String.valueOf(reason);
        if (SAID.matcher(text).find()) {
            return text;
        }
        return text + (text.endsWith("?") || text.endsWith(".") ? "" : ".") + " Nothing was changed";
    }

    /** The exception of the store; its type chooses the exit code. */
    StoreException refusal() {
        return refusal;
    }
}
