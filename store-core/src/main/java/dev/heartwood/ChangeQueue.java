package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The changes that wait for an {@code every} listener: all of them, in version order, up to a limit.
 *
 * <p>The threads that commit push on a stack; the thread that delivers takes the whole stack and turns it round.
 */
final class ChangeQueue implements PendingChanges {
    private static final Step CLOSED = new Step(null, null, null, Long.MAX_VALUE, 0);
    private static final Step OVERFLOWN = new Step(null, null, null, Long.MAX_VALUE, 0);

    private final KeyPath path;
    private final int limit;

    // Invariants.
    //   newest has the version and the number of the last change that was added, taken or not; without states and
    // without
    //   a step below it, if it was taken. Numbers count the changes, from 1.
    //   polled is the number of the last change that was polled; those from there to newest wait.
    private final AtomicReference<Step> newest = new AtomicReference<>(CLOSED);

    private volatile long polled;

    /**
     * The changes taken and not yet polled, oldest first. Written by the thread that delivers, and cleared at the end.
     */
    private volatile @Nullable Step taken;

    ChangeQueue(KeyPath path, int limit) {
        this.path = path;
        this.limit = limit;
    }

    @Override
    public void startFrom(Snapshot base) {
        polled = 0;
        newest.set(new Step(null, null, null, base.version(), 0));
    }

    @Override
    public void add(Snapshot before, Snapshot after, boolean differs) {
        for (; ; ) {
            // One CAS adds the change, and finds out whether it was added before and whether there is room: two
            // threads that hand in the same step cannot both add it, nor count it twice.
            Step last = newest();
            if (last.version >= after.version()) {
                return;
            }
            Step next = last.number - polled < limit
                    ? new Step(before, after, last.after == null ? null : last, after.version(), last.number + 1)
                    : OVERFLOWN;
            if (newest.compareAndSet(last, next)) {
                return;
            }
        }
    }

    @Override
    public @Nullable Update poll() {
        if (taken == null) {
            takeAll();
        }
        Step step = taken;
        if (step == null) {
            return null;
        }
        // The update is made before the step is removed: if there is no memory for it, the step is delivered later.
        Update update = new Update(path, requireNonNull(step.before), requireNonNull(step.after));
        polled = step.number;
        taken = step.link;
        if (newest().version == Long.MAX_VALUE) {
            taken = null; // closed since: the thread that closes may have cleared it too early
        }
        return update;
    }

    private void takeAll() {
        for (Step last = newest(); last.after != null; last = newest()) {
            Step mark = new Step(null, null, null, last.version, last.number);
            if (newest.compareAndSet(last, mark)) {
                // From here to the end nothing is called and nothing made, so that no exhausted stack or heap comes
                // between and loses the stack of steps, which is this thread's now.
                Step later = null;
                for (Step step = last; step != null; ) {
                    Step earlier = step.link;
                    step.link = later;
                    later = step;
                    step = earlier;
                }
                taken = later;
                return;
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return newest().number <= polled;
    }

    @Override
    public boolean isOverflown() {
        return newest() == OVERFLOWN;
    }

    @Override
    public void close() {
        newest.set(CLOSED);
        taken = null;
    }

    private Step newest() {
        return requireNonNull(newest.get());
    }

    private static final class Step {
        final @Nullable Snapshot before;
        final @Nullable Snapshot after;
        /** The step below it on the stack; the one behind it in the queue. */
        @Nullable
        Step link;

        final long version;
        final long number;

        Step(@Nullable Snapshot before, @Nullable Snapshot after, @Nullable Step link, long version, long number) {
            this.before = before;
            this.after = after;
            this.link = link;
            this.version = version;
            this.number = number;
        }
    }
}
