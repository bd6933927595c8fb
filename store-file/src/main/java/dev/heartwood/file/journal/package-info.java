/**
 * Commits as lines of a file: the journal that a recovery reads, the log of the newest commits that a history reads, and the mark
 * by which other programs know how far the journal is durable.
 *
 * <p>Begin with {@link dev.heartwood.file.journal.Journal}, to which commits are appended;
 * {@link dev.heartwood.file.journal.JournalScan} looks at one before anything in it is believed.
 *
 * <p>Uses: {@code context}, {@code disk}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.journal;

import org.jspecify.annotations.NullMarked;
