package dev.heartwood;

import dev.heartwood.tree.OneLine;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a state: the author, label, time, thread and code line of its commit. Each is null if it was not
 * recorded, see {@link Origins}. Two origins are equal if all their recorded values are equal.
 *
 * <p>Immutable. Text and numbers only: a kept origin keeps neither its thread nor its store alive.
 */
public final class Origin {
    private static final long NO_TIME = Long.MIN_VALUE;

    /** The lower bits of {@link #threadAndAttempts}, which no thread number exceeds. */
    private static final int THREAD_BITS = 48;

    private static final int MOST_ATTEMPTS = (1 << (Long.SIZE - 1 - THREAD_BITS)) - 1;

    /** The store of the snapshots that have this origin, and whether they are drafts; null where it is in no snapshot. */
    private final @Nullable StoreIdentity identity;

    private final @Nullable String author;
    private final @Nullable String label;
    private final @Nullable String thread;
    /** A line of code, or a {@link Contended} commit: those are few, and one more field would add 8 bytes to each state. */
    private final @Nullable Object where;
    /** Both in one field, for the same reason. */
    private final long threadAndAttempts;

    private final long micros;

    private Origin(
            @Nullable StoreIdentity identity,
            @Nullable String author,
            @Nullable String label,
            long micros,
            @Nullable String thread,
            long threadId,
            int attempts,
            @Nullable KeyPath conflict,
            @Nullable String where) {
        this.identity = identity;
        this.author = author;
        this.label = label;
        this.micros = micros;
        this.thread = thread;
        this.threadAndAttempts = (threadId & ((1L << THREAD_BITS) - 1))
                | ((long) Math.min(Math.max(attempts, 0), MOST_ATTEMPTS) << THREAD_BITS);
        this.where = conflict == null ? where : new Contended(conflict, where);
    }

    private Origin(StoreIdentity identity, Origin other) {
        this.identity = identity;
        this.author = other.author;
        this.label = other.label;
        this.micros = other.micros;
        this.thread = other.thread;
        this.threadAndAttempts = other.threadAndAttempts;
        this.where = other.where;
    }

    /** The origin of states of which nothing is recorded. */
    static Origin unrecorded(StoreIdentity identity) {
        return named(identity, null, null);
    }

    static Origin named(StoreIdentity identity, @Nullable String author, @Nullable String label) {
        return new Origin(identity, author, label, NO_TIME, null, 0, 0, null, null);
    }

    /** An origin of a commit that is made now. */
    static Origin now(
            StoreIdentity identity,
            @Nullable String author,
            @Nullable String label,
            @Nullable Thread thread,
            int attempts,
            @Nullable KeyPath conflict,
            @Nullable String where) {
        return new Origin(
                identity,
                author,
                label,
                micros(Instant.now()),
                thread == null ? null : thread.getName(),
                thread == null ? 0 : thread.getId(),
                thread == null ? 0 : attempts,
                thread == null ? null : conflict,
                where);
    }

    /**
     * An origin from a storage: for roots and histories that read commits back.
     *
     * @param author the author, or null
     * @param label the label, or null
     * @param time the time, or null; kept to the microsecond
     */
    public static Origin of(@Nullable String author, @Nullable String label, @Nullable Instant time) {
        return of(author, label, time, null, 0, 0, null, null);
    }

    /**
     * An origin from a storage, with the thread and the line of code.
     *
     * @param author the author, or null
     * @param label the label, or null
     * @param time the time, or null; kept to the microsecond
     * @param thread the name of the thread, or null
     * @param threadId the number of the thread, or 0
     * @param where the line of code, or null
     */
    public static Origin of(
            @Nullable String author,
            @Nullable String label,
            @Nullable Instant time,
            @Nullable String thread,
            long threadId,
            @Nullable String where) {
        return of(author, label, time, thread, threadId, 0, null, where);
    }

    /**
     * An origin from a storage, with the thread, the line of code, the number of runs of the function, and the reason for the last one.
     *
     * @param author the author, or null
     * @param label the label, or null
     * @param time the time, or null; kept to the microsecond
     * @param thread the name of the thread, or null
     * @param threadId the number of the thread, or 0
     * @param attempts the number of runs of the function or batch, or 0
     * @param conflict the place that made it run again, or null
     * @param where the line of code, or null
     */
    public static Origin of(
            @Nullable String author,
            @Nullable String label,
            @Nullable Instant time,
            @Nullable String thread,
            long threadId,
            int attempts,
            @Nullable KeyPath conflict,
            @Nullable String where) {
        return new Origin(
                null,
                author,
                label,
                time == null ? NO_TIME : micros(time),
                thread,
                threadId,
                attempts,
                conflict,
                where);
    }

    /** The same origin, for states of a store. */
    Origin in(StoreIdentity store) {
        return identity == store ? this : new Origin(store, this);
    }

    /** The name from {@link Store#as}; null if there is none. */
    public @Nullable String author() {
        return author;
    }

    /** The reason from {@link Transaction#label}; null if there is none. */
    public @Nullable String label() {
        return label;
    }

    /**
     * The name of the committing thread; null if not recorded. Several threads may have the same name:
     * {@link #threadId} distinguishes them.
     */
    public @Nullable String thread() {
        return thread;
    }

    /** The {@link Thread#getId} of the committing thread; 0 if not recorded. */
    public long threadId() {
        return threadAndAttempts & ((1L << THREAD_BITS) - 1);
    }

    /**
     * The number of runs of the function or batch for this commit, like {@link Commit#attempts}: 1, unless other
     * commits changed something that it had read; at most 32,767. 0 if not recorded.
     */
    public int attempts() {
        return (int) (threadAndAttempts >>> THREAD_BITS);
    }

    /**
     * The place that made the function or batch run again: it had read the place, and another commit changed it. If it
     * ran more than twice, the last such place. Null if it ran once, or if this is not recorded.
     */
    public @Nullable KeyPath conflict() {
        return where instanceof Contended contended ? contended.conflict : null;
    }

    /**
     * The time at which the commit was accepted, by the clock of the computer that committed, to the microsecond; null if
     * not recorded. A clock may be set back, so a later version may have an earlier time.
     */
    public @Nullable Instant time() {
        return micros == NO_TIME
                ? null
                : Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    /**
     * The first line of code outside the library that led to the commit, as a stack trace prints it:
     * {@code com.example.Planner.pay(Planner.java:42)}. Null if not recorded.
     */
    public @Nullable String where() {
        return where instanceof Contended contended ? contended.where : (String) where;
    }

    /** The code line of a commit that ran again, and the place that made it run again. */
    private record Contended(KeyPath conflict, @Nullable String where) {}

    /** Whether nothing is recorded. */
    public boolean isEmpty() {
        return author == null
                && label == null
                && thread == null
                && where == null
                && threadAndAttempts == 0
                && micros == NO_TIME;
    }

    /** For people: {@code planner "pay rent" on worker-1 at 2026-01-31T08:15:00Z, Planner.pay(Planner.java:42)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(author == null ? "(no author)" : OneLine.of(author));
        if (label != null) {
            text.append(" \"").append(OneLine.of(label)).append('"');
        }
        if (thread != null) {
            text.append(" on ")
                    .append(OneLine.of(thread))
                    .append(" (")
                    .append(threadId())
                    .append(')');
        }
        if (micros != NO_TIME) {
            text.append(" at ").append(time());
        }
        if (attempts() > 1) {
            text.append(" in ").append(attempts()).append(" attempts");
        }
        KeyPath conflict = conflict();
        if (conflict != null) {
            text.append(" because of ").append(conflict.forPeople());
        }
        if (where() != null) {
            text.append(", ").append(where());
        }
        return text.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin origin
                && Objects.equals(author, origin.author)
                && Objects.equals(label, origin.label)
                && Objects.equals(thread, origin.thread)
                && Objects.equals(where, origin.where)
                && threadAndAttempts == origin.threadAndAttempts
                && micros == origin.micros;
    }

    @Override
    public int hashCode() {
        return Objects.hash(author, label, thread, where, threadAndAttempts, micros);
    }

    /** The store that the states with this origin belong to. */
    StoreIdentity identity() {
        return Objects.requireNonNull(identity, "an origin in a snapshot has a store");
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000L + time.getNano() / 1_000;
    }
}
