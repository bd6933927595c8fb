package dev.heartwood.inspector;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of a server that wait for their clients: for a request that has not come as a whole, or for room to write
 * a part of an answer. A client that makes a thread wait for too long loses its connection, so that it does not keep
 * the thread: the thread is interrupted, which closes the channel that it reads or writes.
 */
final class ClientWaits {
    /** The size of a part of an answer. */
    private static final int PART = 1 << 16;

    /** How many looks may find a thread in one wait. Looks and not a clock, which would go on while the JVM stands still. */
    static final int LOOKS = 4;

    /** The threads that wait, each with the number of looks that have found it in this wait. */
    private final Map<Thread, Integer> waiting = new ConcurrentHashMap<>();

    /** From now on the calling thread waits for its client. */
    void begin() {
        waiting.put(Thread.currentThread(), 0);
    }

    /**
     * The calling thread goes on with work of its own.
     *
     * @throws IOException if it has waited too long
     */
    void end() throws IOException {
        if (waiting.remove(Thread.currentThread()) == null) {
            throw new IOException("the client has kept its connection waiting for too long");
        }
    }

    /** A task whose thread waits for a client, but for the time between {@link #end} and {@link #begin}. */
    Runnable watched(Runnable task) {
        return () -> {
            begin();
            try {
                task.run();
            } finally {
                // A pool clears the interrupt of its thread before the next task.
                waiting.remove(Thread.currentThread());
            }
        };
    }

    /** The output in parts, each with the whole time. */
    OutputStream output(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += PART) {
                    begin();
                    out.write(bytes, offset + done, Math.min(PART, length - done));
                }
            }
        };
    }

    /** Looks at the threads that wait, and interrupts those that wait for too long. Called at regular times. */
    void look() {
        for (Thread each : waiting.keySet()) {
            // Atomic for each thread: one that has gone on meanwhile is not interrupted.
            waiting.computeIfPresent(each, (thread, looks) -> {
                if (looks < LOOKS) {
                    return looks + 1;
                }
                thread.interrupt();
                return null;
            });
        }
    }
}
