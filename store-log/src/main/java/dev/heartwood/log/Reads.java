package dev.heartwood.log;

/**
 * The state that plain reads, snapshots, {@code await} and watchers show. Writes and transactions are linearizable in
 * both.
 */
public enum Reads {
    /**
     * The newest state that this replica has received: its own commits at once, those of other processes within
     * milliseconds, or within the poll interval if wake-ups are lost. Reads send no request, never go back, and go on
     * without a network.
     */
    LOCAL,
    /** The newest state at a moment of the call: each read asks the log for its end. */
    FRESH
}
