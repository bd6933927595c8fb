package dev.heartwood;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@link Transaction#once} in a batch: each call has that of the first run in which its supplier returned. Calls
 * are known by their order, and those within a supplier by their order there, since it does not run again. Used by one
 * thread.
 */
final class OnceValues {
    private final Calls all = new Calls();
    /** Those that are counted now: all of the body, or those within a supplier. */
    private Calls counted = all;
    /** The thread that is within a supplier; null while there is none. */
    private @Nullable Thread supplying;

    private static final class Calls {
        private final List<Call> made = new ArrayList<>();
        private int reached;

        Call next() {
            if (reached == made.size()) {
                made.add(new Call());
            }
            return made.get(reached++);
        }
    }

    private static final class Call {
        private final Calls within = new Calls();
        private boolean hasValue;
        private @Nullable Object value;
    }

    /** Another run of the body begins. */
    void rewind() {
        all.reached = 0;
    }

    /** The thread that is within a supplier, which must not use the transaction; null if there is none. */
    @Nullable
    Thread supplying() {
        return supplying;
    }

    /** The value of the next call. */
    @SuppressWarnings({"unchecked", "NullAway"}) // a value of a run that made the same call
    <T extends @Nullable Object> T next(Supplier<? extends T> supplier) {
        Calls around = counted;
        // Counted first: where the supplier throws, the calls after this one have their own places all the same.
        Call call = around.next();
        if (!call.hasValue) {
            call.within.reached = 0;
            Thread outside = supplying;
            counted = call.within;
            supplying = Thread.currentThread();
            try {
                call.value = supplier.get();
                call.hasValue = true;
            } finally {
                counted = around;
                supplying = outside;
            }
        }
        return (T) call.value;
    }
}
