package dev.heartwood.testkit;

import dev.heartwood.CommitRecorder;
import dev.heartwood.CommitRecording;
import dev.heartwood.Diff;
import dev.heartwood.Origin;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The newest commits of a store with their authors, for the message of a test whose invariant is violated. Commits of
 * other processes are among them.
 *
 * <pre>{@code
 * try (RecentCommits commits = RecentCommits.of(store)) {
 *     ...
 *     assertThat(sum(store.snapshot())).as(commits::toString).isEqualTo(800);
 * }
 * }</pre>
 *
 * <p>Open the store with {@code Store.options().origins(Origins.WHO)}, or there are no threads in it. Thread-safe.
 */
public final class RecentCommits implements AutoCloseable {
    private static final int MOST = 40;
    private static final int LONGEST = 300;

    private final Recorder recorder = new Recorder();
    private final CommitRecording recording;

    private RecentCommits(Store store) {
        this.recording = store.record(recorder);
    }

    /** Keeps the commits of the store from now on, until it is closed. */
    public static RecentCommits of(Store store) {
        return new RecentCommits(store);
    }

    /** One line for each commit, the oldest first. */
    @Override
    public String toString() {
        recording.catchUp();
        return recorder.steps().stream().map(Step::line).collect(Collectors.joining("\n", "who wrote what:\n", ""));
    }

    @Override
    public void close() {
        recording.close();
    }

    private record Step(Snapshot before, Snapshot after) {
        String line() {
            Origin origin = after.origin();
            Diff diff = before.diff(after);
            String changes = diff.toString().replace("\n", ", ");
            return after.version() + " by " + word(origin.author()) + ", thread " + word(origin.thread()) + ", label "
                    + word(origin.label()) + ": "
                    + (changes.length() <= LONGEST ? changes : changes.substring(0, LONGEST) + "...");
        }

        private static String word(@Nullable Object known) {
            return known == null ? "unknown" : known.toString();
        }
    }

    /** Only links the steps: texts are made on request. */
    private static final class Recorder implements CommitRecorder {
        private final Deque<Step> steps = new ArrayDeque<>();
        private long last;

        @Override
        public synchronized void startFrom(Snapshot base) {
            steps.clear();
            last = base.version();
        }

        @Override
        public synchronized void record(Snapshot before, Snapshot after) {
            if (after.version() <= last) {
                return; // told before
            }
            last = after.version();
            steps.add(new Step(before, after));
            if (steps.size() > MOST) {
                Step ignored = steps.remove();
            }
        }

        @Override
        public void missed(long upTo) {}

        synchronized List<Step> steps() {
            return List.copyOf(steps);
        }
    }
}
