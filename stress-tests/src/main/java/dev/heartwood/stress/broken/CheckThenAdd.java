package dev.heartwood.stress.broken;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A queue of steps that looks at the last one before it adds the next: in two steps of its own. */
public final class CheckThenAdd {
    private final Queue<Integer> steps = new ConcurrentLinkedQueue<>();
    private volatile int last;

    /** Means to add a step once, whoever hands it in. */
    public void add(int step) {
        if (last < step) {
            steps.add(step);
            last = step;
        }
    }

    /** The steps as digits. */
    public int digits() {
        int digits = 0;
        for (int step : steps) {
            digits = 10 * digits + step;
        }
        return digits;
    }
}
