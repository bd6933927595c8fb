package dev.heartwood.file.context;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a file.
 *
 * @param journalAbove up to this many bytes the file itself is written at each commit; above it, a journal is written
 * @param generations how many older trees are kept
 * @param conflict the choice when the file was edited by hand, and the journal has commits that follow another file
 * @param repair whether to go back to a generation where the file or the journal is damaged
 * @param networkFileSystems whether to work on file systems whose locks and syncs cannot be trusted
 * @param mode when a call returns
 * @param interval in the mode INTERVAL, how long a commit may stay undurable
 * @param backlogBytes how much undurable work may wait before callers have to
 * @param bounds how large and how old things may become
 * @param keepCommits how many bytes the log of the newest commits may have; 0 for none
 * @param mergeEdits how long a foreign text may be no tree before it is kept aside; null if edits are not merged
 * @param rest how long no commit must come before the readable file is written
 * @param check asked about the tree that was found, before anything is written
 */
public record Settings(
        long journalAbove,
        int generations,
        Conflict conflict,
        boolean repair,
        boolean networkFileSystems,
        Mode mode,
        Duration interval,
        long backlogBytes,
        Bounds bounds,
        long keepCommits,
        Duration rest,
        TreeCheck check,
        @Nullable Duration mergeEdits) {

    /**
     * The limits of sizes and delays.
     *
     * @param commitBytes how much one commit may write
     * @param fileBytes how large the file may become, or the largest size that can be read again if that is less
     * @param readableWithin how far the file may lag behind the newest durable commit; null for a bound that follows
     *     from how long it takes to write the file
     */
    public record Bounds(
            long commitBytes, long fileBytes, @Nullable Duration readableWithin) {
        /** The defaults. */
        public static final Bounds DEFAULT = new Bounds(64L << 20, Long.MAX_VALUE, null);
    }

    /** The default settings. */
    public static final Settings DEFAULT = new Settings(
                    1 << 16, 3, Conflict.REFUSE, false, false, Mode.SYNC, Duration.ZERO, 64 << 20)
            .withKeepCommits(1 << 20);

    /** Settings with the usual bounds, which keep no log of commits. */
    public Settings(
            long journalAbove,
            int generations,
            Conflict conflict,
            boolean repair,
            boolean networkFileSystems,
            Mode mode,
            Duration interval,
            long backlogBytes) {
        this(
                journalAbove,
                generations,
                conflict,
                repair,
                networkFileSystems,
                mode,
                interval,
                backlogBytes,
                Bounds.DEFAULT,
                0,
                Duration.ofSeconds(1),
                TreeCheck.NONE,
                null);
    }

    /** When a call returns. */
    public enum Mode {
        /** When its commit is durable. */
        SYNC,
        /** At once; the commit is durable within an interval. */
        INTERVAL,
        /** At once; the commit is durable after a flush. */
        MANUAL
    }

    /** The choice between an edited file and a journal that conflicts with it. */
    public enum Conflict {
        /** Neither: refuse to open. */
        REFUSE,
        /** The tree in the file. */
        TAKE_FILE,
        /** The committed state. */
        TAKE_JOURNAL
    }

    /** The largest size of a journal over a file of {@code base} bytes, in bytes. */
    public long journalLimit(long base) {
        return Math.max(4 * base, 1 << 20);
    }

    /** These settings with another mode. */
    public Settings with(Mode newMode, Duration newInterval) {
        return changed(draft -> {
            draft.mode = newMode;
            draft.interval = newInterval;
        });
    }

    /** These settings with another choice. */
    public Settings withJournalAbove(long choice) {
        return changed(draft -> draft.journalAbove = choice);
    }

    /** These settings with another choice. */
    public Settings withGenerations(int choice) {
        return changed(draft -> draft.generations = choice);
    }

    /** These settings with another choice. */
    public Settings withConflict(Conflict choice) {
        return changed(draft -> draft.conflict = choice);
    }

    /** These settings with another choice. */
    public Settings withRepair(boolean choice) {
        return changed(draft -> draft.repair = choice);
    }

    /** These settings with another choice. */
    public Settings withNetworkFileSystems(boolean choice) {
        return changed(draft -> draft.networkFileSystems = choice);
    }

    /** These settings with another choice. */
    public Settings withBacklogBytes(long choice) {
        return changed(draft -> draft.backlogBytes = choice);
    }

    /** These settings with other bounds. */
    public Settings withBounds(Bounds choice) {
        return changed(draft -> draft.bounds = choice);
    }

    /** These settings with edits by hand merged. */
    public Settings withMergeEdits(Duration patience) {
        return changed(draft -> draft.mergeEdits = patience);
    }

    /** These settings with another choice. */
    public Settings withKeepCommits(long choice) {
        return changed(draft -> draft.keepCommits = choice);
    }

    /** These settings with another choice. */
    public Settings withRest(Duration choice) {
        return changed(draft -> draft.rest = choice);
    }

    /** These settings with another check of the tree that is found. */
    public Settings withCheck(TreeCheck choice) {
        return changed(draft -> draft.check = choice);
    }

    private Settings changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** The settings while one of them is changed: the one place that copies them all. */
    private static final class Draft {
        private long journalAbove;
        private int generations;
        private Conflict conflict;
        private boolean repair;
        private boolean networkFileSystems;
        private Mode mode;
        private Duration interval;
        private long backlogBytes;
        private Bounds bounds;
        private long keepCommits;
        private Duration rest;
        private TreeCheck check;
        private @Nullable Duration mergeEdits;

        Draft(Settings from) {
            journalAbove = from.journalAbove;
            generations = from.generations;
            conflict = from.conflict;
            repair = from.repair;
            networkFileSystems = from.networkFileSystems;
            mode = from.mode;
            interval = from.interval;
            backlogBytes = from.backlogBytes;
            bounds = from.bounds;
            keepCommits = from.keepCommits;
            rest = from.rest;
            check = from.check;
            mergeEdits = from.mergeEdits;
        }

        Settings settings() {
            return new Settings(
                    journalAbove,
                    generations,
                    conflict,
                    repair,
                    networkFileSystems,
                    mode,
                    interval,
                    backlogBytes,
                    bounds,
                    keepCommits,
                    rest,
                    check,
                    mergeEdits);
        }
    }
}
