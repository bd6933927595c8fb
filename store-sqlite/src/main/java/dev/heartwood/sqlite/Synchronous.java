package dev.heartwood.sqlite;

/**
 * The time at which a commit is on the disk: SQLite's {@code PRAGMA synchronous}. A killed process loses nothing in any
 * mode.
 */
public enum Synchronous {
    /** Before the call returns. A power cut loses no acknowledged commit. The default. */
    FULL,
    /**
     * Some time later, and at {@code flush()} and {@code close()}. A power cut may lose the last commits, but never
     * damages the file.
     */
    NORMAL,
    /**
     * When the operating system decides, and at {@code flush()} and {@code close()}. A power cut may lose commits, also
     * those of other processes, and may damage the file. If another reader stays active for longer than the busy
     * timeout, {@code flush()} cannot sync, and throws.
     */
    OFF
}
