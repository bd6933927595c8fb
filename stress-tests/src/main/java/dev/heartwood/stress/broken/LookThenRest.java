package dev.heartwood.stress.broken;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread that looks for something to do first, and only then lets itself be seen by others that bring it. */
public final class LookThenRest {
    private volatile @Nullable Thread resting;

    /** Means to sleep until there is something to do, and no longer. */
    public void rest(BooleanSupplier somethingToDo) {
        if (!somethingToDo.getAsBoolean()) {
            resting = Thread.currentThread();
            LockSupport.park(this);
        }
        resting = null;
    }

    /** There is something to do. */
    public void wake() {
        Thread thread = resting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
