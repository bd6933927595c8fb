package dev.heartwood;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The pending changes for a {@code latest} listener, as one change: from the state before the first to the state after
 * the last. Intermediate states are not retained. While no change is pending, only a version number is kept.
 */
final class NewestChange implements PendingChanges {
    private static final VarHandle WAITING = handle(NewestChange.class, "waiting", Merged.class);
    private static final VarHandle SEEN = handle(NewestChange.class, "seen", long.class);
    private static final VarHandle AFTER = handle(Merged.class, "after", Snapshot.class);

    /** Stands in {@link #waiting} from the end on, and takes no change. */
    private static final Merged CLOSED = new Merged(null, null, false);

    private final KeyPath path;

    // Invariants.
    //   waiting.after is null if nothing waits, and then `seen` is the version up to which all changes have been taken.
    //   A Merged whose `after` is null stays so, and is replaced by a new one: a compare-and-set on `waiting` can
    // mistake
    //   no later change for an earlier one.
    private volatile Merged waiting = new Merged(null, null, false);
    private volatile long seen;

    NewestChange(KeyPath path) {
        this.path = path;
    }

    @Override
    public void startFrom(Snapshot base) {
        // First the version, then the place for changes: a thread that finds the new place knows what the base has. In
        // the other order it could add a step that the base has, and the listener would be told of it once more.
        seen = base.version();
        waiting = new Merged(null, null, false);
    }

    @Override
    public void add(Snapshot before, Snapshot after, boolean differs) {
        for (; ; ) {
            Merged merged = waiting;
            Snapshot last = merged.after;
            if (merged == CLOSED) {
                return;
            } else if (last != null) {
                if (last.version() >= after.version()) {
                    return;
                }
                // Several steps may lead back to the value before. First this, then the CAS, whose release half keeps
                // them in this order: a thread that takes the later state finds it.
                merged.differs = false;
                if (AFTER.compareAndSet(merged, last, after)) {
                    return;
                }
            } else if (seen >= after.version()
                    || WAITING.compareAndSet(this, merged, new Merged(before, after, differs))) {
                return;
            }
        }
    }

    @Override
    public @Nullable Update poll() {
        for (; ; ) {
            Merged merged = waiting;
            Snapshot before = merged.before;
            Snapshot after = merged.after;
            if (before == null || after == null) {
                return null;
            }
            Update update = new Update(path, before, after, merged.differs);
            // First `seen`, then the CAS, whose release half keeps them in this order: a thread that finds the change
            // taken finds how far it went. In the other order that thread could add the step again. A write with
            // release needs no fence of its own.
            SEEN.setRelease(this, after.version());
            if (AFTER.compareAndSet(merged, after, (Snapshot) null)) {
                merged.before = null;
                return update;
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return waiting.after == null;
    }

    @Override
    public boolean isOverflown() {
        return false;
    }

    @Override
    public void close() {
        waiting = CLOSED;
    }

    private static VarHandle handle(Class<?> owner, String field, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVarHandle(owner, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Merged {
        /** Read by the thread that takes it, which also clears it. */
        @Nullable
        Snapshot before;

        volatile @Nullable Snapshot after;

        /** Whether the values before and after are known to differ. */
        boolean differs;

        Merged(@Nullable Snapshot before, @Nullable Snapshot after, boolean differs) {
            this.before = before;
            this.after = after;
            this.differs = differs;
        }
    }
}
