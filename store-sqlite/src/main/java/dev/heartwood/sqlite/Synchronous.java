package dev.heartwood.sqlite;

/** When a commit is on the disk: SQLite's {@code PRAGMA synchronous}. A process that is killed loses nothing in any. */
public enum Synchronous {
    /** Before the call returns. A power cut loses no acknowledged commit. The default. */
    FULL,
    /**
     * Some time later, and at {@code flush()} and {@code close()}. A power cut may take the last commits back, but never
     * leaves the file broken.
     */
    NORMAL,
    /**
     * Whenever the operating system likes, and at {@code flush()} and {@code close()}. A power cut may take commits back and
     * may leave the file broken, with what other processes have committed to it. While somebody reads for longer than the
     * busy timeout, {@code flush()} cannot sync, and throws.
     */
    OFF
}
