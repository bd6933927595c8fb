package dev.heartwood.history;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Snapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The states that a history keeps, oldest first: a linked list at whose end the committing threads link their steps, and
 * whose oldest states go once there are too many. Lock-free; a reader that stands at a link sees all that come after it.
 */
final class StateChain {
    // Invariants.
    //   Versions grow along the chain; numbers grow by one.
    //   newest is the last link, or one before it: a thread that links may be suspended before it moves newest on.
    //   oldest is never behind newest by more than `most` links, but for the threads that are about to move it.
    private static final VarHandle NEXT;
    private static final VarHandle NEWEST;
    private static final VarHandle OLDEST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(Link.class, "next", Link.class);
            NEWEST = lookup.findVarHandle(StateChain.class, "newest", Link.class);
            OLDEST = lookup.findVarHandle(StateChain.class, "oldest", Link.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many commits are kept at most. */
    private final long most;

    private volatile @Nullable Link oldest;
    private volatile @Nullable Link newest;

    StateChain(long most) {
        this.most = most;
    }

    /** Starts anew with one state, and forgets all others. */
    void start(Snapshot base) {
        Link first = new Link(base, 0, false);
        oldest = first;
        newest = first;
    }

    /** Links a step at the end. One that is there already is ignored; where steps before it are missing, so it is marked. */
    void add(Snapshot before, Snapshot after) {
        for (; ; ) {
            Link last = requireNonNull(newest);
            Link next = last.next;
            if (next != null) {
                NEWEST.compareAndSet(this, last, next); // the thread that linked it has not come to this yet
                continue;
            }
            if (last.version() >= after.version()) {
                return;
            }
            boolean gap = last.version() < before.version();
            Link link = new Link(gap ? before : after, last.number + 1, gap);
            // One CAS decides who links: it finds out whether another thread has linked this step, or one after it,
            // since the look. It also publishes the link, so that a reader who reaches it sees its fields.
            if (NEXT.compareAndSet(last, null, link)) {
                NEWEST.compareAndSet(this, last, link);
                trim(link);
                if (!gap) {
                    return;
                }
            }
        }
    }

    /** Links a state at the end, on the one thread that links anything here. */
    void append(Snapshot state, boolean gap) {
        Link last = requireNonNull(newest);
        Link link = new Link(state, last.number + 1, gap);
        // Release: a reader that reaches the link sees its fields.
        NEXT.setRelease(last, link);
        newest = link;
        trim(link);
    }

    /** How many states there are after the oldest one. */
    long length() {
        return requireNonNull(newest).number - oldest().number;
    }

    private void trim(Link last) {
        Link first = oldest();
        while (last.number - first.number > most) {
            dropUpTo(first, requireNonNull(first.next));
            first = oldest();
        }
    }

    /** Lets go of the states before {@code next}, if {@code first} is still the oldest. */
    boolean dropUpTo(Link first, Link next) {
        return OLDEST.compareAndSet(this, first, next);
    }

    /** The first link that is kept: its state is the base of all others. */
    Link oldest() {
        return requireNonNull(oldest);
    }

    /** The last link, or one before it while a thread links. */
    Link newest() {
        return requireNonNull(newest);
    }

    /** A state, and the link to the one after it. */
    static final class Link {
        final long number;
        /** Whether commits are missing between the state before this one and this one. */
        final boolean gap;

        private final Snapshot state;

        private volatile @Nullable Link next;

        /** How many bytes all steps up to this one have replaced, as estimated; written and read under the lock of {@link Retention}. */
        long replaced;

        Link(Snapshot state, long number, boolean gap) {
            this.state = state;
            this.number = number;
            this.gap = gap;
        }

        Snapshot state() {
            return state;
        }

        long version() {
            return state.version();
        }

        @Nullable
        Link next() {
            return next;
        }
    }
}
