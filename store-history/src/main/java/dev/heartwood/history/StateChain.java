package dev.heartwood.history;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Snapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The states that a history keeps, oldest first: a linked list. Committing threads link their steps at its end, and its
 * oldest states are released once there are too many. Lock-free; a reader at a link sees all links after it.
 *
 * <p>A sequence of steps that only change sessions ({@link SessionSteps}) shares one link, which has the state after
 * the last of them, and does not count.
 */
final class StateChain {
    // Invariants.
    //   Versions grow along the chain; numbers grow by one, but a link of sessions has the number of the link before
    // it.
    //   Only the last link changes its state, and only if it is one of sessions: a link with a next one stays as it is.
    //   newest is the last link, or one before it: a thread that links may be suspended before it moves newest on.
    //   oldest is never behind newest by more than `most` links, but for the threads that are about to move it.
    private static final VarHandle NEXT;
    private static final VarHandle NEWEST;
    private static final VarHandle OLDEST;
    private static final VarHandle STATE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(Link.class, "next", Link.class);
            NEWEST = lookup.findVarHandle(StateChain.class, "newest", Link.class);
            OLDEST = lookup.findVarHandle(StateChain.class, "oldest", Link.class);
            STATE = lookup.findVarHandle(Link.class, "state", Snapshot.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The maximum number of commits that are kept. */
    private final long most;

    private final boolean foldsSessions;

    private volatile @Nullable Link oldest;
    private volatile @Nullable Link newest;

    /** A chain that folds steps of sessions. */
    StateChain(long most) {
        this(most, true);
    }

    StateChain(long most, boolean foldsSessions) {
        this.most = most;
        this.foldsSessions = foldsSessions;
    }

    /** Starts anew with one state, and forgets all others. */
    void start(Snapshot base) {
        Link first = new Link(base, 0, false, false);
        oldest = first;
        newest = first;
    }

    /**
     * Links a step at the end. A step that is linked already is ignored; if steps before it are missing, it is marked
     * as a gap.
     */
    void add(Snapshot before, Snapshot after) {
        boolean sessions = foldsSessions && SessionSteps.isOne(before, after);
        for (; ; ) {
            Link last = requireNonNull(newest);
            Link next = last.next;
            if (next != null) {
                NEWEST.compareAndSet(this, last, next); // the thread that linked it has not done this yet
                continue;
            }
            Snapshot state = last.state();
            if (state.version() >= after.version()) {
                return;
            }
            boolean gap = state.version() < before.version();
            if (sessions && last.sessions && !gap) {
                // The next step is recorded only after this one, so a link with a next link has its final state. A late
                // thread finds a newer state: the CAS fails, and it looks again.
                if (STATE.compareAndSet(last, state, after)) {
                    return;
                }
                continue;
            }
            // Asked now, and not by readers: the step that this one has undone may be released soon.
            Link link = gap
                    ? new Link(before, last.number + 1, true, false)
                    : last.next(after, sessions, UndoMark.isTrueOf(state, after, oldest()));
            // One CAS decides which thread links: it fails if another thread has linked this step, or a later one,
            // since the look. It also publishes the link, so that a reader that reaches it sees its fields.
            if (NEXT.compareAndSet(last, null, link)) {
                NEWEST.compareAndSet(this, last, link);
                trim(link);
                if (!gap) {
                    return;
                }
            }
        }
    }

    /**
     * Links a state at the end, on the one thread that links anything here.
     *
     * @param sessions whether the step to it is one of sessions
     */
    void append(Snapshot state, boolean gap, boolean sessions) {
        Link last = requireNonNull(newest);
        if (foldsSessions && sessions && last.sessions && !gap) {
            STATE.setVolatile(last, state);
            return;
        }
        Link link = gap
                ? new Link(state, last.number + 1, true, false)
                : last.next(state, foldsSessions && sessions, false);
        // Release: a reader that reaches the link sees its fields.
        NEXT.setRelease(last, link);
        newest = link;
        trim(link);
    }

    /** The number of states after the oldest one. */
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

    /** Releases the states before {@code next}, if {@code first} is still the oldest. */
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
        /** Whether all steps from the state before this one to this one are steps of sessions. */
        final boolean sessions;
        /** Whether the step has undone or redone another one, as its label says, which was kept when this one was linked. */
        final boolean undoing;

        private volatile Snapshot state;

        private volatile @Nullable Link next;

        /**
         * The estimated number of bytes that all steps up to this one have replaced; written and read under the lock of
         * {@link Retention}.
         */
        long replaced;

        Link(Snapshot state, long number, boolean gap, boolean sessions) {
            this(state, number, gap, sessions, false);
        }

        private Link(Snapshot state, long number, boolean gap, boolean sessions, boolean undoing) {
            this.state = state;
            this.number = number;
            this.gap = gap;
            this.sessions = sessions;
            this.undoing = undoing;
        }

        /** A link for the state after one step. */
        Link next(Snapshot after, boolean ofSessions, boolean isUndoing) {
            return new Link(after, ofSessions ? number : number + 1, false, ofSessions, isUndoing);
        }

        /** An immutable copy of this link. */
        Link fixed() {
            return sessions ? new Link(state, number, gap, true) : this;
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
