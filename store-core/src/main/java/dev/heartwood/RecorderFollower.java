package dev.heartwood;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A recorder among the followers of a timeline. */
final class RecorderFollower implements Follower {
    private final CommitRecorder recorder;
    private final Consumer<? super Throwable> failureHandler;

    private RecorderFollower(CommitRecorder recorder, Consumer<? super Throwable> failureHandler) {
        this.recorder = recorder;
        this.failureHandler = failureHandler;
    }

    static CommitRecording start(
            Timeline timeline, CommitRecorder recorder, Consumer<? super Throwable> failureHandler) {
        RecorderFollower follower = new RecorderFollower(recorder, failureHandler);
        // Before the first step is told: each commit after the base has a time.
        timeline.stampCommits();
        try {
            return new Registration(timeline, follower, timeline.follow(follower));
        } catch (Throwable e) {
            timeline.stampNoMore();
            throw e;
        }
    }

    @Override
    public void startFrom(Snapshot base) {
        recorder.startFrom(base);
    }

    @Override
    public void handIn(Snapshot before, Snapshot after) {
        recorder.record(before, after);
    }

    @Override
    public void ring() {
        // Nothing waits here.
    }

    @Override
    public void ended() {
        recorder.ended();
    }

    @Override
    public void missedSteps(long upTo) {
        recorder.missed(upTo);
    }

    @Override
    public void failed(Throwable failure) {
        FailureHandlers.tell(failureHandler, failure);
    }

    private static final class Registration implements CommitRecording {
        private final Timeline timeline;
        private final RecorderFollower follower;
        private final Snapshot base;
        private final AtomicBoolean closed = new AtomicBoolean();

        Registration(Timeline timeline, RecorderFollower follower, Snapshot base) {
            this.timeline = timeline;
            this.follower = follower;
            this.base = base;
        }

        @Override
        public void catchUp() {
            timeline.handInVisible();
        }

        @Override
        public Snapshot base() {
            return base;
        }

        @Override
        public boolean isClosed() {
            return closed.get() || timeline.isClosed();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                timeline.unfollow(follower);
                timeline.stampNoMore();
            }
        }
    }
}
