package dev.heartwood.stress.broken;

/** One commit that waits to be decided: asks whether it waits before it asks whether it is being made durable. */
public final class HeadThenFlag {
    /** How long the outcome of a commit that is durable is not noted yet. */
    private static final int NOTING = 20;
    /** How long a call takes between its two questions: time enough for the other thread to note the outcome. */
    private static final int ASKING = 100;

    private volatile boolean waiting = true;
    private volatile boolean committing;

    /** The commit may be durable from now on. */
    public void beginCommit() {
        committing = true;
    }

    /** The commit is durable, and waits no more. */
    public void decided() {
        pause(NOTING);
        waiting = false;
    }

    /** What became of the commit is known. */
    public void endCommit() {
        committing = false;
    }

    /** Whether a call may build on the commit that waits. */
    public boolean hasHeadToBuildOn() {
        boolean head = waiting;
        pause(ASKING);
        return !committing && head;
    }

    /** By themselves the gaps are some nanoseconds, and the fault is seldom seen. */
    private static void pause(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }
}
