package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an engine to its server. Each method is one request; one thread at a time uses a connection, but for
 * {@link #close}. A method whose answer does not come within the time-out throws. After a method has thrown, the connection is
 * closed and never used again; the exception says what became of the request if it is a {@link LogException}, and else
 * {@link LogServer#errorOf} does.
 *
 * <p>{@code toString} names the server, without a password, as in {@code Redis at localhost:6379}: messages begin with it.
 */
public interface LogConnection {
    /** From {@link #nextWakeUp}: something was appended, but its number is not known. */
    long ASK = -1;

    /** The name under which {@link #field} and {@link #replace} have the pointer to the newest checkpoint. */
    String CHECKPOINT = "checkpoint";

    /**
     * The answer to an append.
     *
     * @param isAppended whether the entry was appended
     * @param claim the field {@code claim}, as it is after the append, or null if there is none
     * @param since the log from the number of the entry on if the append has lost; null if there is no log any more
     */
    record Answer(
            boolean isAppended,
            @Nullable String claim,
            @Nullable Tail since) {
        /** The entry is in the log. */
        public static Answer appended(@Nullable String claim) {
            return new Answer(true, claim, null);
        }

        /** The log did not end as the request said. */
        public static Answer lost(@Nullable String claim, @Nullable Tail since) {
            return new Answer(false, claim, since);
        }
    }

    /**
     * Logs in, and refuses a server that cannot hold the log. Called once, before all others.
     *
     * @param isFirst whether this is the first connection of a store: the time to log a warning of settings that are unsafe
     */
    void begin(boolean isFirst) throws Exception;

    /**
     * Makes the log where there is none. Two processes that do so at once make one log.
     *
     * @param identity the identity of the log: the id of number 0
     */
    void create(String identity) throws Exception;

    /**
     * Appends an entry if {@code on} is the last one. In one atomic step the server compares the number <em>and</em> the id
     * of the last entry, stores the entry, and notes its position as the last. The note outlives {@link #trim}.
     */
    Answer append(Position on, Entry next) throws Exception;

    /**
     * The last entry and the entries from a number on, of one moment: at or after every append whose answer anybody had
     * before this call. As many entries as fit into one answer, and at least one where there is one; null if there is no log.
     */
    @Nullable
    Tail read(long from) throws Exception;

    /** A small text by its name: {@value #CHECKPOINT} or {@code claim}; null if there is none. */
    @Nullable
    String field(String name) throws Exception;

    /**
     * Replaces the text of a field, in one atomic step, if it is the expected one.
     *
     * @param before the text that must be there; null for none
     * @param after the new text; null to remove it
     * @return false if there was another; then nothing happened
     */
    boolean replace(String name, @Nullable String before, @Nullable String after) throws Exception;

    /** Stores a part of text under a name, and replaces what was there. */
    void put(String name, String part) throws Exception;

    /** The part of a name, or null if there is none. */
    @Nullable
    String get(String name) throws Exception;

    /**
     * Deletes the parts with names at or after {@code from} and before {@code to}, as {@code String} compares them: all of
     * them, or some, so that other requests can come in between.
     *
     * @return whether there may be more
     */
    boolean delete(String from, String to) throws Exception;

    /**
     * Drops the entries with numbers below {@code below}, all of them or some, but never the note of the last entry.
     *
     * @return whether there may be more
     */
    boolean trim(long below) throws Exception;

    /** Begins to hear of appends. From now on nothing but {@link #nextWakeUp} and {@link #close} is called. */
    void listen() throws Exception;

    /**
     * Waits for the next wake-up, for ever if none comes. A network that has gone silent does no harm: a store that finds news
     * by asking closes this connection.
     *
     * @return the number of the entry, or {@link #ASK}
     */
    long nextWakeUp() throws Exception;

    /** Closes the connection; a request that waits for its answer fails soon. Called by any thread, more than once. */
    void close() throws Exception;
}
