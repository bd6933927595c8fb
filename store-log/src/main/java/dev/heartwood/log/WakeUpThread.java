package dev.heartwood.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@link SharedLog.Listening} of an engine that waits for wake-ups on a connection of its own: a daemon thread that
 * connects, waits, and connects anew when that fails or a {@link #kick} requests it.
 *
 * <p>After each connect it wakes with -1, since appends before that moment caused no wake-up.
 */
public final class WakeUpThread implements SharedLog.Listening {
    /** No wake-up came, and the connection is fine. */
    public static final long NOTHING = -2;

    private static final Logger LOGGER = System.getLogger("dev.heartwood.log");
    private static final long SHORTEST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Connector connector;
    private final LongConsumer wake;
    private final Semaphore kicked = new Semaphore(0);
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private boolean failing;

    /** A connection on which wake-ups come. */
    public interface Connection {
        /**
         * Waits for the next wake-up, for some seconds at most.
         *
         * @return the number of the entry, -1 for "ask", or {@link #NOTHING}
         */
        long next() throws Exception;

        /** Closes the connection; {@link #next} fails soon then. Called by any thread, more than once. Never throws. */
        void close();
    }

    /** Makes the connections. */
    public interface Connector {
        /** A new connection, on which the wake-ups of all appends after this call come. */
        Connection connect() throws Exception;
    }

    private WakeUpThread(Connector connector, LongConsumer wake) {
        this.connector = connector;
        this.wake = wake;
    }

    /**
     * Starts the thread.
     *
     * @param name the name of the thread
     */
    public static WakeUpThread start(String name, Connector connector, LongConsumer wake) {
        WakeUpThread wakeUps = new WakeUpThread(connector, wake);
        Thread thread = new Thread(wakeUps::run, name);
        thread.setDaemon(true);
        thread.start();
        return wakeUps;
    }

    private void run() {
        long pause = SHORTEST_PAUSE_MILLIS;
        while (!closed) {
            kicked.drainPermits();
            boolean connected = false;
            try {
                Connection open = connector.connect();
                connection = open;
                connected = true;
                failing = false;
                hear(open);
            } catch (Exception e) {
                report(e);
            } finally {
                drop();
            }
            pause = connected ? SHORTEST_PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            pause(pause);
        }
    }

    private void hear(Connection open) throws Exception {
        tell(-1);
        // A kick or a close that came while the thread connected had no connection to close.
        while (!closed && kicked.availablePermits() == 0) {
            long number = open.next();
            if (number != NOTHING) {
                tell(number);
            }
        }
    }

    /** No wake-up is delivered once {@link #close} has returned. */
    private synchronized void tell(long number) {
        if (!closed) {
            wake.accept(number);
        }
    }

    private void report(Exception e) {
        if (!failing && !closed && kicked.availablePermits() == 0) {
            LOGGER.log(
                    Level.WARNING,
                    "the log sends no wake-ups: " + e.getMessage()
                            + ". The store finds commits of other processes by polling, once in a poll interval",
                    e);
            failing = true;
        }
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private void pause(long millis) {
        try {
            // A kick ends the pause.
            boolean ignored = !closed && kicked.tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // A private thread, which is only interrupted to end it.
            closed = true;
        }
    }

    @Override
    public void kick() {
        kicked.release();
        Connection open = connection;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        kick();
    }
}
