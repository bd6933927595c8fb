package dev.heartwood.history;

import dev.heartwood.CommitRecorder;
import dev.heartwood.CommitRecording;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The states of a store as it makes them. */
final class LiveSource implements Source {
    private final StateChain chain;
    private final Instant start = Instant.now();
    private final UndoLog undoLog;
    private final CommitRecording recording;
    private final Retention retention;
    private final @Nullable RetentionTask upkeep;

    private LiveSource(Store store, HistoryOptions options) {
        this.chain = new StateChain(options.commits());
        this.undoLog = new UndoLog(store);
        this.recording = store.record(new Recorder(chain));
        this.retention = new Retention(chain, options, Clock.systemUTC());
        this.upkeep = retention.isNeeded() ? RetentionTask.start(retention) : null;
    }

    static LiveSource start(Store store, HistoryOptions options) {
        return new LiveSource(store, options);
    }

    @Override
    public Records records() {
        // A thread that has published a state may not have come to link it yet.
        recording.catchUp();
        if (upkeep != null) {
            retention.trim();
        }
        return Records.of(chain, start);
    }

    @Override
    public UndoLog undoLog() {
        return undoLog;
    }

    @Override
    public void close() {
        recording.close();
        if (upkeep != null) {
            upkeep.end();
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
            // The chain finds the hole when the next step is linked.
        }
    }
}
