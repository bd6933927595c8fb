package dev.heartwood.log;

import java.util.PriorityQueue;

/**
 * Time that passes only while all threads that take part are asleep: then it jumps to the moment at which the first of them
 * wakes. One thread runs at a time, so that a run is always the same.
 */
final class VirtualTime {
    private final PriorityQueue<Sleeper> sleepers = new PriorityQueue<>();
    private long now;
    private long count;
    private int running;

    private static final class Sleeper implements Comparable<Sleeper> {
        private final long until;
        private final long count;
        private boolean awake;

        Sleeper(long until, long count) {
            this.until = until;
            this.count = count;
        }

        @Override
        public int compareTo(Sleeper other) {
            return until != other.until ? Long.compare(until, other.until) : Long.compare(count, other.count);
        }
    }

    /** So many threads take part; called before they begin. */
    synchronized void begin(int threads) {
        running = threads;
    }

    synchronized long now() {
        return now;
    }

    /** Sleeps for so long. */
    synchronized void sleep(long nanos) {
        Sleeper me = new Sleeper(now + nanos, count++);
        sleepers.add(me);
        running--;
        wakeFirst();
        boolean interrupted = false;
        while (!me.awake) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** This thread takes part no more. */
    synchronized void end() {
        running--;
        wakeFirst();
    }

    private void wakeFirst() {
        if (running == 0 && !sleepers.isEmpty()) {
            Sleeper first = sleepers.remove();
            now = Math.max(now, first.until);
            first.awake = true;
            running++;
            notifyAll();
        }
    }
}
