package dev.heartwood.sqlite;

/** When a commit is on the disk: SQLite's {@code PRAGMA synchronous}. A process that is killed loses nothing in any. */
public enum Synchronous {
    /** Before the call returns. A power cut loses no acknowledged commit. The default. */
    FULL,
    /** Some time later. A power cut may take the last commits back, but never leaves the file broken. */
    NORMAL,
    /** Whenever the operating system likes. A power cut may take commits back and may leave the file broken. */
    OFF
}
