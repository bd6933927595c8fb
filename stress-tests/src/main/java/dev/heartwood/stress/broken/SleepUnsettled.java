package dev.heartwood.stress.broken;

/** A sleeper that looks at what is accepted; those who wait are rung when the visible state changes. */
public final class SleepUnsettled {
    private final int visible = 1;
    private volatile int head;
    private volatile boolean registered;
    private volatile boolean awake;

    /** Registers, and then looks for a job: awake if there is one. */
    public void registerAndLook() {
        registered = true;
        if (head > 0) {
            awake = true;
        }
    }

    /** The accepted commit that had taken the job is rolled back. */
    public void rollBack() {
        int before = visible;
        head = visible;
        if (registered && visible != before) {
            awake = true;
        }
    }

    /** Whether it has found the job. */
    public boolean isAwake() {
        return awake;
    }
}
