package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The only commit loop of the project: it takes the newest state, asks an attempt for the next tree, and offers that
 * tree to the root by compare-and-set. After a lost race it repeats this on the state that won.
 *
 * <p>It uses four other types. The {@link Attempt} knows its reads, and so whether it must run again. The
 * {@link ContentionManager} backs off after lost races, and claims the {@link RightOfWay} for an attempt that keeps
 * losing. The {@link ReentrancyGuard} refuses uses of the store by its own functions. The {@link Root} decides the
 * race, and waits until a state is as durable as it promises.
 *
 * <p>Thread-safe: the state of one commit is on the stack of its thread.
 */
final class CommitLoop {
    private final Root root;
    private final RightOfWay rightOfWay;
    private final List<Guard> guards;
    /** The number of the store, by which the reentrancy guard knows it. */
    private final long number;

    private final ContentionCounters counters = new ContentionCounters();

    CommitLoop(Root root, RightOfWay rightOfWay, List<Guard> guards, long number) {
        this.root = root;
        this.rightOfWay = rightOfWay;
        this.guards = guards;
        this.number = number;
    }

    /**
     * Commits the attempt. Throws the exception of the attempt, and commits nothing if it changes nothing. Every answer is
     * released only once the state that it was derived from is settled; if that state is rolled back, the attempt runs
     * again.
     *
     * @param only the state to commit on, or null for the newest
     * @param origins the source of the new state's origin: a handle's author, the calling code
     * @param inside the functions of stores that this thread runs in, the store's own not among them
     * @return false if there is another state than {@code only}
     */
    // Less than 325 bytes of bytecode, so that HotSpot inlines it where it is hot: rare cases are in methods of their
    // own.
    boolean commit(Attempt attempt, @Nullable Snapshot only, OriginSource origins, ReentrancyGuard inside) {
        ContentionManager contention = null;
        Guard.Checks checks = guards.isEmpty() ? null : new Guard.Checks(guards);
        String where = origins.where();
        FlightEvents.CommitEvent event = FlightEvents.beginCommit();
        Snapshot newest = null;
        try {
            for (; ; ) {
                Snapshot base = root.head();
                Snapshot after = base;
                Throwable failure = null;
                if (only == null || only == base) {
                    try {
                        after = next(base, attempt, origins, inside, where, checks);
                    } catch (Throwable e) {
                        // An exception is an answer, too: it is released only if the state that it was derived from is
                        // settled.
                        failure = e;
                    }
                }
                if (after != base) {
                    if (!inside.anything()) {
                        rightOfWay.giveWay(base.tree(), after.tree());
                    }
                    if (contention != null) {
                        contention.tries(after);
                    }
                    if (!root.compareAndSet(base, after, attempt)) {
                        contention = lost(contention, attempt, inside);
                        continue;
                    }
                }
                Snapshot settled = settle(base, after, newest, contention, attempt, failure);
                if (settled == after) {
                    if (failure != null) {
                        throw Exceptions.rethrow(failure);
                    }
                    attempt.settled(base, after);
                    if (event != null) {
                        event.end(attempt, base, after, contention);
                    }
                    return only == null || only == base;
                }
                newest = settled != null ? settled : newest;
            }
        } finally {
            if (contention != null) {
                end(contention, attempt);
            }
        }
    }

    /** The cost of lost races so far. */
    ContentionCounters counters() {
        return counters;
    }

    private ContentionManager lost(@Nullable ContentionManager contention, Attempt attempt, ReentrancyGuard inside) {
        ContentionManager manager = contention != null ? contention : new ContentionManager(rightOfWay, attempt);
        manager.lost(inside);
        return manager;
    }

    private void end(ContentionManager contention, Attempt attempt) {
        contention.over();
        counters.add(contention.losses(), attempt.runs);
    }

    /**
     * Settles the answer that was derived from {@code after}: a commit, or, if {@code after} is the base, an answer
     * that commits nothing, see {@link Root#confirm}.
     *
     * @param failure the answer, if it is an exception
     * @return {@code after} if the answer may be released; otherwise null or a newer state, as in {@code confirm}
     */
    private @Nullable Snapshot settle(
            Snapshot base,
            Snapshot after,
            @Nullable Snapshot newest,
            @Nullable ContentionManager contention,
            Attempt attempt,
            @Nullable Throwable failure) {
        if (contention != null) {
            contention.over(); // nobody waits for a claim through a sync, or a question to the storage
        }
        try {
            if (failure != null && attempt.hasFailedOnNewest() && root.head() != base) {
                return null;
            }
            if (after == base) {
                return root.confirm(base, newest);
            }
            return root.settle(after) ? after : null;
        } catch (Throwable e) {
            if (failure != null && failure != e) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    /**
     * The state that the attempt makes from {@code base}: the same state if it changes nothing.
     *
     * @throws GuardException if that state breaks a guard
     */
    private Snapshot next(
            Snapshot base,
            Attempt attempt,
            OriginSource origins,
            ReentrancyGuard inside,
            @Nullable String where,
            Guard.@Nullable Checks checks) {
        inside.enter(number);
        try {
            HashMap<String, @Nullable Object> next = attempt.next(base);
            if (next == base.tree()) {
                return base;
            }
            Snapshot after = new Snapshot(origins.next(attempt, where), root.nextVersion(base), next);
            if (checks != null) {
                checks.require(base, after);
            }
            return after;
        } finally {
            inside.exit();
        }
    }
}
