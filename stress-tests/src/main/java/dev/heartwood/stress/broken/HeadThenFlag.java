package dev.heartwood.stress.broken;

/** One commit that waits to be decided: asks whether it waits before it asks whether it is being made durable. */
public final class HeadThenFlag {
    private static final int PAUSE = 20;

    private volatile boolean waiting = true;
    private volatile boolean committing;

    /** The commit may be durable from now on. */
    public void beginCommit() {
        committing = true;
    }

    /** The commit is durable, and waits no more. */
    public void decided() {
        waiting = false;
    }

    /** What became of the commit is known. */
    public void endCommit() {
        committing = false;
    }

    /** Whether a call may build on the commit that waits. */
    public boolean hasHeadToBuildOn() {
        boolean head = waiting;
        // Time enough for the other thread to note the outcome: by itself the gap is some nanoseconds.
        for (int i = 0; i < PAUSE; i++) {
            Thread.onSpinWait();
        }
        return !committing && head;
    }
}
