package dev.heartwood.log;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The clock and the random numbers of a simulation: one seed determines every event. There is one thread. While a
 * replica waits for its request to travel, or pauses, time passes: due events happen in their order, and other replicas
 * act.
 */
final class World {
    /** So many replicas at most are in the middle of an operation at the same time. */
    private static final int DEPTH = 4;

    /** So many operations of a run begin while another one waits: each has waits of its own, so they would multiply. */
    private static final int MOST_NESTED = 60;

    final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Actor> actors = new ArrayList<>();
    private long now;
    private long count;
    private int depth;
    private int nested;
    private boolean quiet;
    private @Nullable AssertionError broken;

    World(long seed) {
        this.random = new Random(seed);
    }

    /** An actor that runs while others wait. */
    interface Actor {
        boolean isIdle();

        void act();
    }

    private record Event(long at, long count, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(count, other.count);
        }
    }

    long now() {
        return now;
    }

    /**
     * Notes that a promise is broken, and throws. The error may be caught on its way, for example by a root that must
     * not leave commits behind; so the simulation checks for it at its end.
     */
    AssertionError fail(String message) {
        AssertionError error = new AssertionError(message);
        broken = broken == null ? error : broken;
        throw error;
    }

    /** The first promise that was broken; null if none was. */
    @Nullable
    AssertionError broken() {
        return broken;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    void add(Actor actor) {
        actors.add(actor);
    }

    void remove(Actor actor) {
        actors.remove(actor);
    }

    /** No actor begins anything from now on, and nothing fails. */
    void calmDown() {
        quiet = true;
    }

    boolean isQuiet() {
        return quiet;
    }

    /** As many operations as at the beginning may begin while another one waits. */
    void allowMore() {
        nested = 0;
    }

    void later(long nanos, Runnable action) {
        events.add(new Event(now + nanos, count++, action));
    }

    /** Lets time pass, and others act. */
    void travel(long nanos) {
        long until = now + nanos;
        while (!quiet && depth < DEPTH && nested < MOST_NESTED && now < until && chance(0.3)) {
            List<Actor> idle = actors.stream().filter(Actor::isIdle).toList();
            if (idle.isEmpty()) {
                break;
            }
            advance(now + (long) (random.nextDouble() * (until - now)));
            depth++;
            nested++;
            try {
                idle.get(random.nextInt(idle.size())).act();
            } finally {
                depth--;
            }
        }
        advance(Math.max(until, now));
    }

    /** Lets time pass up to a moment; only events happen. */
    void advance(long until) {
        while (!events.isEmpty() && events.peek().at <= until) {
            Event next = events.remove();
            now = Math.max(now, next.at);
            next.action.run();
        }
        now = Math.max(now, until);
    }

    /** All events happen, whenever they are due. */
    void drain() {
        while (!events.isEmpty()) {
            advance(events.peek().at);
        }
    }
}
