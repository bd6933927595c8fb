package dev.heartwood.stress.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run one at a time: each stops at its start and at every {@link #pause}, and goes on when a schedule says
 * that it is its turn.
 *
 * <p>A thread that waits for something other than its turn (another thread's commit, a lock) is passed over until it
 * goes on by itself.
 */
final class Actors {
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int SPINS = 2_000;

    private final Thread conductor = Thread.currentThread();
    private final List<Actor> actors = new ArrayList<>();

    private Actors() {}

    /** Runs the bodies under a schedule to their ends. */
    static Actors run(Schedule schedule, List<? extends Callable<?>> bodies) {
        Actors all = new Actors();
        for (Callable<?> body : bodies) {
            all.actors.add(all.new Actor(all.actors.size(), body));
        }
        all.actors.forEach(Thread::start);
        all.conduct(schedule);
        return all;
    }

    /** Waits for the caller's turn, if it is an actor. */
    static void pause() {
        if (Thread.currentThread() instanceof Actor actor) {
            actor.awaitTurn();
        }
    }

    /** The result or the exception of the body. */
    Object answer(int actor) {
        Actor done = actors.get(actor);
        return done.thrown != null ? done.thrown : String.valueOf(done.answer);
    }

    /** The exception of the body, or null. */
    @Nullable
    Throwable thrown(int actor) {
        return actors.get(actor).thrown;
    }

    /** Whether the first had ended before the second began. */
    boolean before(int first, int second) {
        return actors.get(first).ended < actors.get(second).began;
    }

    private void conduct(Schedule schedule) {
        int turn = 0;
        for (List<Actor> ready = awaitReady(); !ready.isEmpty(); ready = awaitReady()) {
            Actor next = ready.get(schedule.choose(ready.size()));
            turn++;
            if (next.began == 0) {
                next.began = turn;
            }
            next.ended = turn;
            next.go();
        }
    }

    /** Waits until no actor runs; returns the actors that wait for their turn. */
    private List<Actor> awaitReady() {
        long asked = System.nanoTime();
        for (int spins = 0; ; spins++) {
            List<Actor> ready = new ArrayList<>();
            boolean running = false;
            boolean over = true;
            for (Actor actor : actors) {
                Phase phase = actor.phase;
                over &= phase == Phase.DONE;
                running |= phase == Phase.RUNNING && !actor.isBlocked();
                if (phase == Phase.READY) {
                    ready.add(actor);
                }
            }
            if (over || (!running && !ready.isEmpty())) {
                return ready;
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, 50_000);
                if (System.nanoTime() - asked > STUCK_NANOS) {
                    throw new AssertionError(
                            "stuck:" + actors.stream().map(Actor::whereabouts).toList());
                }
            }
        }
    }

    private enum Phase {
        RUNNING,
        READY,
        DONE
    }

    private final class Actor extends Thread {
        private final Callable<?> body;
        private volatile Phase phase = Phase.RUNNING;
        private volatile @Nullable Object answer;
        private volatile @Nullable Throwable thrown;
        private int began;
        private int ended;
        private long blockedSince;

        Actor(int number, Callable<?> body) {
            super("actor " + number);
            this.body = body;
            setDaemon(true);
        }

        @Override
        public void run() {
            awaitTurn();
            try {
                answer = body.call();
            } catch (Throwable e) {
                thrown = e;
            }
            become(Phase.DONE);
        }

        void awaitTurn() {
            become(Phase.READY);
            while (phase == Phase.READY) {
                LockSupport.park(this);
            }
        }

        void go() {
            phase = Phase.RUNNING;
            blockedSince = 0;
            LockSupport.unpark(this);
        }

        private void become(Phase next) {
            phase = next;
            LockSupport.unpark(conductor);
        }

        /** Whether the actor has been waiting for a while for something other than its turn. */
        boolean isBlocked() {
            Thread.State now = getState();
            if (now == Thread.State.RUNNABLE || now == Thread.State.NEW || LockSupport.getBlocker(this) == this) {
                blockedSince = 0;
                return false;
            }
            long time = System.nanoTime();
            blockedSince = blockedSince == 0 ? time : blockedSince;
            return time - blockedSince > BLOCKED_NANOS;
        }

        String whereabouts() {
            StringBuilder text = new StringBuilder("\n" + getName() + " " + phase);
            for (StackTraceElement frame : getStackTrace()) {
                text.append("\n    at ").append(frame);
            }
            return text.toString();
        }
    }
}
