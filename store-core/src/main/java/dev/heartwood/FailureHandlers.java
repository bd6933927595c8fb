package dev.heartwood;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Where failures go that must not reach the thread on which they happened. */
final class FailureHandlers {
    private FailureHandlers() {}

    /** The default handler. */
    static void log(Throwable failure) {
        Store.logFailure(Level.WARNING, "a listener or an afterCommit action failed", failure);
    }

    /** Calls a handler; an exception of the handler itself is logged. */
    static void tell(Consumer<? super Throwable> handler, Throwable failure) {
        try {
            handler.accept(failure);
        } catch (Throwable e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            Store.logFailure(Level.ERROR, "a failure handler failed", e);
        }
    }
}
