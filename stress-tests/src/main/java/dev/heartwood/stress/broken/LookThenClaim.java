package dev.heartwood.stress.broken;

import java.util.concurrent.atomic.AtomicInteger;

/** A slot for the longest losing streak that looks first, and then writes: the shorter one of two may stay. */
public final class LookThenClaim {
    private final AtomicInteger longest = new AtomicInteger();

    /** An empty slot. */
    public LookThenClaim() {}

    /** Keeps a streak if it is longer than the one that is kept. */
    public void lose(int streak) {
        if (streak > longest.get()) {
            longest.set(streak);
        }
    }

    /** The streak that is kept. */
    public int longest() {
        return longest.get();
    }
}
