package dev.heartwood.storage;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Work on files that an interrupt of the calling thread must not end: it closes the channel that is read just then. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Work that may be done again from its beginning. */
    public interface Work<T> {
        T run() throws IOException;
    }

    /** Does the work, once more after an interrupt; the thread is interrupted afterwards, if it was before or meanwhile. */
    public static <T> T run(Work<T> work) throws IOException {
        boolean isInterrupted = false;
        try {
            while (true) {
                isInterrupted |= Thread.interrupted();
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
