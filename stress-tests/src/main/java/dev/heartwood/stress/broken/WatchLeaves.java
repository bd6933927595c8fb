package dev.heartwood.stress.broken;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commits that are decided in groups: who comes first gives others a moment to come, decides for all, and wakes them.
 * When another thread has rolled back what waited, there is nothing left to decide: the first goes, and wakes nobody.
 */
public final class WatchLeaves {
    private static final long MOMENT_NANOS = 200_000;

    private final Map<String, Thread> waiting = new HashMap<>();
    private final Set<String> decided = new HashSet<>();
    private @Nullable Thread watch;

    /** Waits until a commit is decided (true) or rolled back (false). */
    public boolean commit(String name) {
        add(name);
        while (isWaiting(name)) {
            if (isWatch()) {
                LockSupport.parkNanos(this, MOMENT_NANOS);
                decide(name);
            } else {
                LockSupport.park(this);
            }
        }
        return isDecided(name);
    }

    /** Rolls back what waits. */
    public synchronized void takeBack() {
        waiting.clear();
    }

    private synchronized void add(String name) {
        waiting.put(name, Thread.currentThread());
    }

    private synchronized boolean isWatch() {
        watch = watch == null ? Thread.currentThread() : watch;
        return watch == Thread.currentThread();
    }

    private synchronized void decide(String name) {
        watch = null;
        if (waiting.containsKey(name)) {
            decided.addAll(waiting.keySet());
            waiting.values().forEach(LockSupport::unpark);
            waiting.clear();
        }
    }

    private synchronized boolean isWaiting(String name) {
        return waiting.containsKey(name);
    }

    private synchronized boolean isDecided(String name) {
        return decided.contains(name);
    }
}
