package dev.heartwood.history;

/**
 * Stands in the states of a history in the place of a value that is not recorded: see {@link HistoryOptions#redact} and
 * {@link HistoryOptions#only}. Nothing of the value can be found out from it.
 *
 * <p>Each time that a redacted place changes, another instance stands there. So {@link History#of(dev.heartwood.KeyPath)} and
 * {@link History#blame} tell who changed the place and when, also where the value became what it had been before.
 *
 * <p>Immutable. Equal to itself alone.
 */
public final class Redacted {
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

    /** Whether this was made after so many others of its history. */
    boolean isAfter(long marks) {
        return number > marks;
    }

    /** For people, and for files: {@code (redacted 3)}, where the number tells one change of such places from another. */
    @Override
    public String toString() {
        return number == 0 ? "(not recorded)" : "(redacted " + number + ")";
    }
}
