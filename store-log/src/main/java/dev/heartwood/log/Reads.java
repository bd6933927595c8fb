package dev.heartwood.log;

/**
 * The state that plain reads, snapshots, {@code await} and watchers show. Writes and transactions are linearizable in
 * both.
 */
public enum Reads {
    /**
     * The newest state that this replica has heard of: its own commits at once, those of others within milliseconds, or
     * within the poll interval where wake-ups are lost. Reads ask nobody, never go back, and go on without a network.
     */
    LOCAL,
    /** The newest state at a moment of the call: each read asks the log where it ends. */
    FRESH
}
