package dev.heartwood.history;

import dev.heartwood.tree.Placeholder;

/**
 * Replaces a value that is not recorded, in the states of a history: see {@link HistoryOptions#redact} and
 * {@link HistoryOptions#only}. It reveals nothing about the value.
 *
 * <p>Each change of a redacted place puts another instance there. So {@link History#of(dev.heartwood.KeyPath)} and
 * {@link History#blame} show the author and time of each change, even if a change restored an earlier value.
 *
 * <p>Immutable. Equal only to itself. No store takes it as a value, or a container with one in it.
 */
@SuppressWarnings("exports") // only the library asks for placeholders
public final class Redacted implements Placeholder {
    /** An element of a list that is not recorded, and keeps the places of the other elements. */
    static final Redacted ELEMENT = new Redacted(0);

    private final long number;

    private Redacted(long number) {
        this.number = number;
    }

    /** The value of a redacted place after its change number {@code number} in this history. */
    static Redacted change(long number) {
        return new Redacted(number);
    }

    /** Whether this was made after {@code marks} others of its history. */
    boolean isAfter(long marks) {
        return number > marks;
    }

    /** For people, and for files: {@code (redacted 3)}; the number distinguishes the changes of such places. */
    @Override
    public String toString() {
        return number == 0 ? "(not recorded)" : "(redacted " + number + ")";
    }
}
