package dev.heartwood.file.commit;

import dev.heartwood.Timeline;
import dev.heartwood.file.checkpoint.Maintenance;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The loop of the writer thread while a store is open: it writes commits when they are due, answers requests for a
 * check, and runs {@link Maintenance} when no commit comes.
 */
final class WriterLoop {
    private static final long RETRY_NANOS = Duration.ofMillis(200).toNanos();

    private final StoreContext context;
    private final HolderToken token;
    private final Storage storage;
    private final CommitPipeline commits;
    private final WriterSignals signals;
    private final CommitWriter writer;
    private final Maintenance upkeep;
    /** The time since which commits are pending, as {@link System#nanoTime}; 0 while none are. */
    private long pendingSince;

    /** For a store as its holder sees it, whose file has so many bytes at most. */
    WriterLoop(
            StoreContext held,
            HolderToken token,
            Storage storage,
            CommitPipeline commits,
            long fileBytes,
            WriterSignals signals) {
        this.context = held;
        this.token = token;
        this.storage = storage;
        this.commits = commits;
        this.signals = signals;
        this.writer = new CommitWriter(held, token, storage, commits, fileBytes);
        this.upkeep = new Maintenance(held, storage, signals::wake);
    }

    /** Serves until the store is closed, and closes the files. */
    void run() {
        try (storage) {
            try {
                // Before the end is looked for: a close from here on ends the rest.
                for (signals.beginTurn(); !commits.chain.isClosed() && !writer.isStopped(); signals.beginTurn()) {
                    answerLook();
                    turn();
                    writer.stopIfLost();
                }
                if (!writer.isStopped()) {
                    finish();
                }
                writer.close();
                awaitClosed();
            } catch (Throwable e) {
                // No caller may wait for an answer that never comes. That holds for every error, of ours or of the
                // machine.
                commits.progress.closesWith(e);
                commits.died(writer.durable(), e);
                awaitClosed();
            }
        } catch (IOException e) {
            if (HolderLostException.in(e) == null) {
                trouble("closing the files of " + context.place() + " failed: " + IoErrors.inWords(e), e);
            }
            // Otherwise it was reported when it was found; the files belong to another opening now.
        }
    }

    private void trouble(String message, IOException cause) {
        context.reporter().tell(Kind.TROUBLE, message, null, cause);
    }

    private void awaitClosed() {
        while (!commits.chain.isClosed()) {
            LockSupport.park(this);
        }
    }

    private boolean isPending() {
        return commits.chain.hasPending(1);
    }

    /** Writes if commits are due; otherwise runs maintenance if it is due; otherwise waits. */
    private void turn() {
        upkeep.proceed();
        if (signals.takeEditSettled()) {
            upkeep.editSettled(Timeline.tree(writer.durable()));
        }
        if (signals.takeEditNoticed()) {
            upkeep.editNoticed();
        }
        long now = System.nanoTime();
        if (!isPending()) {
            pendingSince = 0;
            signals.calmDown(this::isPending);
            rest(now);
            return;
        }
        if (pendingSince == 0) {
            pendingSince = now;
        }
        long due = due(now);
        if (due > 0) {
            signals.gatherCommits(due);
            return;
        }
        writer.awaitCompanions();
        write();
        if (!writer.isFailing()) {
            upkeep.afterWrite(Timeline.tree(writer.durable()));
        }
    }

    /** The remaining time that pending commits may wait, in nanoseconds. */
    private long due(long now) {
        Settings settings = context.settings();
        if (signals.isHurried() || settings.mode() == Settings.Mode.SYNC) {
            return 0;
        }
        // Half of the interval is for waiting, the other half for writing.
        long wait = settings.mode() == Settings.Mode.MANUAL
                ? Long.MAX_VALUE
                : settings.interval().toNanos() / 2 - (now - pendingSince);
        return writer.isFailing() ? Math.max(wait, RETRY_NANOS - (now - writer.lastWrite())) : wait;
    }

    private void write() {
        // Before the write: an urgent request from here on may be for a commit that this write does not include.
        signals.takeHurry();
        writer.write();
        if (!writer.isFailing()) {
            pendingSince = 0;
        }
    }

    private void rest(long now) {
        long rest = upkeep.restNanos(now, now - writer.lastWrite());
        if (rest <= 0) {
            upkeep.checkpoint(Timeline.tree(writer.durable()));
        } else {
            signals.rest(() -> isPending() || commits.chain.isClosed(), rest);
        }
    }

    /** All accepted commits are written, and the file has all of them. */
    private void finish() {
        if (signals.isAbandoned()) {
            context.reporter()
                    .tell(
                            Kind.TROUBLE,
                            context.place()
                                    + " was not closed, and nothing in the program uses it any more. What was committed"
                                    + " is written, and it is closed now. Close stores when they are not needed: until"
                                    + " now nobody else could open it");
        }
        if (isPending()) {
            write();
        }
        if (writer.isStopped()) {
            return;
        }
        if (isPending()) {
            commits.progress.closesWith(commits.progress.trouble());
            return;
        }
        upkeep.atTheEnd(Timeline.tree(writer.durable()));
        signals.askForLook();
        answerLook();
        if (!writer.isStopped()) {
            commits.progress.closesWith(commits.progress.look().trouble());
        }
    }

    /** Answers callers that asked whether the next opening will find the durable commits. */
    private void answerLook() {
        long number = signals.looksAsked();
        if (number == commits.progress.look().number()) {
            return;
        }
        IOException trouble = null;
        try {
            token.requireHeld();
            storage.secure(Timeline.tree(writer.durable()));
            if (commits.chain.isClosed() && !isPending() && !storage.isFileBehind()) {
                storage.finished();
            }
        } catch (IOException e) {
            trouble = e;
        }
        writer.stopIfLost();
        commits.progress.looked(new DurabilityTracker.Look(number, trouble));
    }
}
