package dev.heartwood;

/** The registration of a {@link CommitRecorder}. Thread-safe. */
public interface CommitRecording extends Subscription {
    /**
     * Records every state that is visible now: a thread that has published a state may not have handed it over yet.
     * Does not wait for any thread.
     */
    void catchUp();
}
