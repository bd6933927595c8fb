package dev.heartwood.stress.broken;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Commits that are decided in groups by one of those who wait: who looks whether another leads, and then leads. */
public final class LookThenLead {
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean led;

    /**
     * Waits until a commit is decided.
     *
     * @param decide told of all that wait; meant to be called by one thread at a time
     */
    public void commit(String name, Consumer<Set<String>> decide) {
        waiting.add(name);
        while (waiting.contains(name)) {
            if (led) {
                Thread.onSpinWait();
            } else {
                lead(decide);
            }
        }
    }

    private void lead(Consumer<Set<String>> decide) {
        led = true;
        Set<String> group = Set.copyOf(waiting);
        decide.accept(group);
        waiting.removeAll(group);
        led = false;
    }
}
