package dev.heartwood.stress.broken;

import java.util.concurrent.atomic.AtomicBoolean;

/** Looks at a storage, shared by threads: joins the look that is under way, though it may have begun before the call. */
public final class JoinAnyLook {
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Nobody looks. */
    public JoinAnyLook() {}

    /** Looks, or waits until a look that is under way has ended. */
    public void take(Runnable look) {
        if (looking.compareAndSet(false, true)) {
            look.run();
            looking.set(false);
        } else {
            while (looking.get()) {
                Thread.onSpinWait();
            }
        }
    }
}
