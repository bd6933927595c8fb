package dev.heartwood.history;

import dev.heartwood.CommitRecorder;
import dev.heartwood.CommitRecording;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The states of a live store. */
final class LiveSource implements Source {
    private final StateChain chain;
    private final Instant start = Instant.now();
    private final UndoLog undoLog;
    private final CommitRecording recording;
    private final Retention retention;
    /** Null if all places are recorded: then the committing threads link the states for readers directly. */
    private final @Nullable RecordedSteps steps;

    private final Runnable upkeep = this::keepUp;
    private final @Nullable RetentionTask task;
    private volatile boolean closed;

    private LiveSource(Store store, HistoryOptions options) {
        this.chain = options.places().newChain(options.commits());
        this.undoLog = new UndoLog(store);
        this.steps = options.places().isAll() ? null : new RecordedSteps(chain, options.places());
        this.recording = store.record(steps != null ? steps : new Recorder(chain));
        if (steps != null) {
            steps.start();
        }
        this.retention = new Retention(chain, options, Clock.systemUTC());
        this.task = retention.isNeeded() || steps != null ? RetentionTask.start(upkeep) : null;
    }

    static LiveSource start(Store store, HistoryOptions options) {
        return new LiveSource(store, options);
    }

    @Override
    public Records records() {
        // A thread that has published a state may not have linked it yet.
        recording.catchUp();
        keepUp();
        return steps != null ? steps.records(start) : Records.of(chain, start);
    }

    private void keepUp() {
        if (steps != null) {
            steps.catchUp();
        }
        retention.trim();
        undoLog.forgetUpTo(chain.oldest().version());
    }

    @Override
    public UndoLog undoLog() {
        if (steps != null) {
            throw new IllegalStateException("this history does not record all places (only, redact), so it does not"
                    + " know all changes of a commit and cannot undo it. Nothing is changed. Undo with a history that"
                    + " records all places: History.of(store)");
        } else if (closed) {
            throw new IllegalStateException("this history is closed, so it does not know what was committed since, and"
                    + " cannot undo or redo a commit. Nothing is changed. Undo before you close it");
        }
        return undoLog;
    }

    @Override
    public void close() {
        closed = true; // before the recording ends: whoever finds it open after a look has seen all commits
        recording.close();
        keepUp(); // no whole state is retained, even without readers
        if (task != null) {
            task.end();
        }
    }

    /** The committing threads' end. */
    private record Recorder(StateChain chain) implements CommitRecorder {
        @Override
        public void startFrom(Snapshot base) {
            chain.start(base);
        }

        @Override
        public void record(Snapshot before, Snapshot after) {
            chain.add(before, after);
        }

        @Override
        public void missed(long upTo) {
            // The chain detects the gap when the next step is linked.
        }
    }
}
