package dev.heartwood;

/** The registration of a {@link CommitRecorder}. Thread-safe. */
public interface CommitRecording extends Subscription {
    /**
     * Records all that is visible now: a thread that has published a state may not have come to tell of it yet. Does not
     * wait for any thread.
     */
    void catchUp();
}
