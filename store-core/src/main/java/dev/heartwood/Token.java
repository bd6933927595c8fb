package dev.heartwood;

import java.util.Objects;

/**
 * Names a committed state, so that another process can wait until it has that state or a later one: see
 * {@link Commit#token()} and {@link Store#atLeast}. Immutable; {@link #toString()} and {@link #parse} carry it between
 * processes, for instance in a header of a request.
 *
 * @param log the identity of the shared storage; empty where a storage has none
 * @param version the version of the state
 * @param entry the entry of the storage that holds the commit; empty where a storage has none
 */
public record Token(String log, long version, String entry) {
    /** A token of these parts. */
    public Token {
        Objects.requireNonNull(log, "log must not be null");
        Objects.requireNonNull(entry, "entry must not be null");
        if (log.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the identity of a log has no '/': " + log);
        }
    }

    /**
     * The token in a text that {@link #toString()} gave.
     *
     * @throws IllegalArgumentException if the text is no token
     */
    public static Token parse(String text) {
        int version = Objects.requireNonNull(text, "text must not be null").indexOf('/');
        int entry = text.indexOf('/', version + 1);
        if (version < 0 || entry < 0) {
            throw new IllegalArgumentException("expected a token such as \"log/7/entry\", not \"" + text + "\"");
        }
        try {
            return new Token(
                    text.substring(0, version),
                    Long.parseLong(text.substring(version + 1, entry)),
                    text.substring(entry + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a token with a version number, not \"" + text + "\"", e);
        }
    }

    /** The token as a text for {@link #parse}. */
    @Override
    public String toString() {
        return log + "/" + version + "/" + entry;
    }
}
