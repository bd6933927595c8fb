package dev.heartwood.stress.broken;

/** A hand-over between two threads in which each gives its signal first, and finishes its work after that. */
public final class SignalThenHandOver {
    private volatile boolean prepared;
    private volatile boolean decided;

    /** Means to give away what {@code work} makes. */
    public void prepare(Runnable work) {
        prepared = true;
        work.run();
    }

    /** Whether the work of {@link #prepare} may be used. */
    public boolean isPrepared() {
        return prepared;
    }

    /** Means to give back what {@code work} makes. */
    public void decide(Runnable work) {
        decided = true;
        work.run();
    }

    /** Whether the work of {@link #decide} may be used. */
    public boolean isDecided() {
        return decided;
    }
}
