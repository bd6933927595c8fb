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
    /** The size of the part of an answer that a client must take within the limit. */
    private static final int PART = 1 << 16;

    private final Map<Thread, Long> since = new ConcurrentHashMap<>();
    private final long limit;

    ClientWaits(long limitNanos) {
        this.limit = limitNanos;
    }

    /** From now on the calling thread waits for its client. */
    void begin() {
        since.put(Thread.currentThread(), System.nanoTime());
    }

    /**
     * The calling thread goes on with work of its own.
     *
     * @throws IOException if it has waited too long
     */
    void end() throws IOException {
        if (since.remove(Thread.currentThread()) == null) {
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
                since.remove(Thread.currentThread());
            }
        };
    }

    /** The output in parts, each with the whole limit of time. */
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

    /** Interrupts the threads that have waited for longer than the limit. */
    void endStalled() {
        for (Thread waiting : since.keySet()) {
            // Atomic for each thread: one that has gone on meanwhile is not interrupted.
            since.computeIfPresent(waiting, (thread, start) -> {
                if (System.nanoTime() - start <= limit) {
                    return start;
                }
                thread.interrupt();
                return null;
            });
        }
    }
}
