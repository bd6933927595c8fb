package dev.heartwood.log;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a conditional append log: an engine such as a database implements it, and {@link LogStore} keeps a
 * tree in it. Beside its entries a log has named parts of text, and a pointer to the newest checkpoint.
 *
 * <p>Thread-safe. Methods block; a method whose answer does not come within the engine's own time limit throws. An
 * interrupt ends no request, and the interrupted status is kept. Texts may contain any Unicode characters except lone
 * surrogates and U+0000, and may be empty; names are printable ASCII. Both are compared and sorted char by char, like
 * {@code String}. {@code LogContract} in {@code heartwood-log-testkit} checks an implementation.
 */
public interface SharedLog extends AutoCloseable {
    /**
     * An entry of the log by its number and its id. The entries are numbered from 1 without a gap. Number 0 is the
     * beginning of the log, and its id is the identity of the log, which the engine makes at random.
     *
     * @param number the place in the log
     * @param id the id from the writer of the entry: the writer's random id, a colon, and a count
     */
    record Position(long number, String id) {
        /** A position of these parts. */
        public Position {
            Objects.requireNonNull(id, "id must not be null");
        }

        /** Whether a writer appended the entry: ids of entries begin with the writer's id and a colon. */
        public boolean isOf(String writer) {
            return id.startsWith(writer + ":");
        }

        /** The number and the id, separated by a space. */
        @Override
        public String toString() {
            return number + " " + id;
        }

        /**
         * The position that {@link #toString} has written.
         *
         * @throws IllegalArgumentException if the text is not of that form
         */
        public static Position parse(String text) {
            int space = text.indexOf(' ');
            if (space < 0) {
                throw new IllegalArgumentException("expected a number, a space and an id, not \"" + text + "\"");
            }
            return new Position(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
        }
    }

    /**
     * An entry.
     *
     * @param at its place and id
     * @param body its text, of at most {@link #largestValue()} bytes in UTF-8
     */
    record Entry(Position at, String body) {
        /** An entry of these parts. */
        public Entry {
            Objects.requireNonNull(at, "at must not be null");
            Objects.requireNonNull(body, "body must not be null");
        }
    }

    /**
     * A part of the log, and the end of the log at the same moment. An engine must read both in one atomic step: if
     * they are read one after the other, "trimmed" and "empty" look alike.
     *
     * @param last the last entry of the log at that moment
     * @param entries entries in order and without a gap, as many as the engine returns at once, and at least one if the
     *     log has one; if the first has a larger number than requested, the entries before it were trimmed
     */
    record Tail(Position last, List<Entry> entries) {
        /** A tail of these parts; the list is copied. */
        public Tail {
            Objects.requireNonNull(last, "last must not be null");
            entries = List.copyOf(entries);
        }
    }

    /**
     * The claim of a writer that keeps losing races: each winner lets it go first once.
     *
     * @param writer the random id of the writer
     * @param attempt the writer's own count of its appends
     * @param number the number that the writer tried to append, or a later one that the log had when it lost
     * @param micros the duration of an append of the writer, in microseconds
     * @param losses the number of races that the writer has lost in a row
     */
    record Claim(String writer, long attempt, long number, long micros, int losses) {
        /**
         * The number of entries after which a claim is void: its writer is dead, or has given up. More than near writers append while
         * the request of a far writer travels.
         */
        public static final int LIFETIME = 512;

        /**
         * The number of entries after which a writer that still loses renews its claim. To keep a claim may take the engine a request of
         * its own, and meanwhile others append: a writer that renewed it at each loss would win even less than one without a claim.
         */
        private static final int RENEWAL = 32;

        /** A claim of these parts. */
        public Claim {
            Objects.requireNonNull(writer, "writer must not be null");
        }

        /**
         * The claim that an engine keeps after a lost append: the one of the longest losing streak. That of the same writer stays for
         * some entries.
         *
         * @param held the claim that was kept so far, or null
         * @param lost the claim of the append that has lost, or null
         */
        public static @Nullable Claim kept(@Nullable Claim held, @Nullable Claim lost) {
            if (held == null || lost == null) {
                return lost == null ? held : lost;
            }
            boolean replaces = held.writer.equals(lost.writer)
                    ? lost.number > held.number + RENEWAL
                    : lost.losses > held.losses || held.isVoidAt(lost.number);
            return replaces ? lost : held;
        }

        /**
         * The claim that an engine keeps, and returns to the winner, after an append has won.
         *
         * @param held the claim that was kept so far, or null
         * @param won the entry that was appended; a claim of its own writer is settled
         */
        public static @Nullable Claim afterWin(@Nullable Claim held, Position won) {
            return held == null || won.isOf(held.writer) || held.isVoidAt(won.number()) ? null : held;
        }

        /** Whether the claim is void when the log has reached a number. */
        public boolean isVoidAt(long reached) {
            return reached > number + LIFETIME;
        }

        /** All parts in order, the writer first, separated by spaces. */
        @Override
        public String toString() {
            return writer + " " + attempt + " " + number + " " + micros + " " + losses;
        }

        /**
         * The claim that {@link #toString} has written; words behind it, of a later version of the library, are ignored.
         *
         * @throws IllegalArgumentException if the text is not of that form
         */
        public static Claim parse(String text) {
            String[] words = text.split(" ", -1);
            if (words.length < 5) {
                throw new IllegalArgumentException("expected a claim of five words, not \"" + text + "\"");
            }
            return new Claim(
                    words[0],
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Integer.parseInt(words[4]));
        }
    }

    /** The outcome of an append. */
    sealed interface Outcome {}

    /**
     * The entry is in the log.
     *
     * @param rival the claim of another writer that must go first next time, or null
     */
    record Appended(@Nullable Claim rival) implements Outcome {}

    /**
     * This request did not append the entry, because the log did not end at the expected position. (The entry may be in the log
     * nevertheless, from an earlier request.)
     *
     * @param since the log from the number of the entry on, as returned by {@link #read}
     */
    record Lost(Tail since) implements Outcome {}

    /**
     * Appends an entry if {@code on} is the last one. In one atomic step the engine compares the number <em>and</em>
     * the id of the last entry, stores the entry, and records its position as the last. This record survives {@link #trim}.
     *
     * @param on the position at which the log must end
     * @param next the entry; its number is one larger
     * @param mine the writer's claim, to be kept if this append loses; null if it has none
     */
    Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused;

    /** The last entry of the log: at or after every append that was acknowledged before this call. */
    Position last() throws Unavailable, Refused;

    /** The log from a number on, including every append that was acknowledged before this call. */
    Tail read(long from) throws Unavailable, Refused;

    /**
     * Calls {@code wake} soon after an append with the number of its entry, or with -1: "ask". The call is a hint: it
     * may be late, missing or repeated, and in any order. {@code wake} returns at once and never throws. This method
     * returns when later appends cause wake-ups, or when the engine has begun to connect and will call with -1 once it
     * is connected.
     */
    Listening listen(LongConsumer wake);

    /** A subscription to wake-ups. */
    interface Listening extends AutoCloseable {
        /** Wake-ups were missed: connects anew, to another endpoint if there is one. Returns at once. */
        void kick();

        /** Ends the wake-ups. */
        @Override
        void close();
    }

    /** The maximum number of bytes in UTF-8 of the body of an entry, or of a part. At least 1,000. */
    int largestValue();

    /** Stores a part of text under a name, and replaces an existing one. */
    void put(String name, String part) throws InDoubt, Unavailable, Refused;

    /** The part of a name, or null if there is none. */
    @Nullable
    String get(String name) throws Unavailable, Refused;

    /** Deletes the parts with names at or after {@code from} and before {@code to}, in the order of {@code String}. */
    void delete(String from, String to) throws InDoubt, Unavailable, Refused;

    /** The pointer to the newest checkpoint, if there is one. */
    Optional<String> checkpoint() throws Unavailable, Refused;

    /**
     * Replaces the pointer to the newest checkpoint.
     *
     * @param before the pointer that must be there; null for none
     * @return false if another pointer is there; then nothing happened
     */
    boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable, Refused;

    /** Deletes the entries with numbers below {@code below}, but never the position of the last entry. */
    void trim(long below) throws InDoubt, Unavailable, Refused;

    /** Ends this connection, and its subscriptions to wake-ups. Idempotent. */
    @Override
    void close();
}
