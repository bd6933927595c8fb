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
        // Before the first step is delivered: each commit after the base has a time.
        timeline.stampCommits();
        try {
            Registration registration = new Registration(follower).atEveryStep();
            return new Recording(timeline, registration, timeline.follow(registration));
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
    public boolean handIn(Snapshot before, Snapshot after, boolean differs) {
        recorder.record(before, after);
        return false;
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

    private static final class Recording implements CommitRecording {
        private final Timeline timeline;
        private final Registration registration;
        private final Snapshot base;
        private final AtomicBoolean closed = new AtomicBoolean();

        Recording(Timeline timeline, Registration registration, Snapshot base) {
            this.timeline = timeline;
            this.registration = registration;
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
                timeline.unfollow(registration);
                timeline.stampNoMore();
            }
        }
    }
}
