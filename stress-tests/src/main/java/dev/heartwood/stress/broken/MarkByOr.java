package dev.heartwood.stress.broken;

/**
 * A thread that registers, compares what it has read with the newest state, and marks itself as rung where that differs. It
 * sets its mark by an "or" with the old one: a ring in between is overwritten.
 */
public final class MarkByOr {
    private volatile boolean registered;
    private volatile int value;
    private volatile boolean rung;

    /** Changes what was read, and rings if the thread is registered. */
    public void commit() {
        value = 1;
        if (registered) {
            rung = true;
        }
    }

    /** Registers, and compares with the newest state. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the fault
    public void registerAndLook() {
        registered = true;
        rung |= value != 0;
    }

    /** Whether the thread does not sleep on. */
    public boolean isAwake() {
        return rung;
    }
}
