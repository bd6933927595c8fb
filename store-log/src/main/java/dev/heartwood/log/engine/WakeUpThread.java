package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import dev.heartwood.storage.SafeLog;
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
final class WakeUpThread implements SharedLog.Listening {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.log");
    private static final long SHORTEST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Connector connector;
    private final LongConsumer wake;
    private final Semaphore kicked = new Semaphore(0);
    private volatile @Nullable LogConnection connection;
    private volatile boolean closed;
    private boolean failing;

    private WakeUpThread(Connector connector, LongConsumer wake) {
        this.connector = connector;
        this.wake = wake;
    }

    /**
     * Starts the thread.
     *
     * @param name the name of the thread
     */
    static WakeUpThread start(String name, Connector connector, LongConsumer wake) {
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
            boolean connected = hearUntilItFails();
            pause = connected ? SHORTEST_PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            pause(pause);
        }
    }

    /** Gives whether it was connected. */
    private boolean hearUntilItFails() {
        LogConnection open;
        try {
            open = connector.connect();
        } catch (LogException e) {
            report(e);
            return false;
        }
        connection = open;
        boolean connected = false;
        try {
            open.listen();
            connected = true;
            failing = false;
            hear(open);
        } catch (Exception e) {
            report(connector.error(open, e));
        } finally {
            connection = null;
            Connector.close(open);
        }
        return connected;
    }

    private void hear(LogConnection open) throws Exception {
        tell(LogConnection.ASK);
        // A kick or a close that came while the thread connected had no connection to close.
        while (!closed && kicked.availablePermits() == 0) {
            tell(open.nextWakeUp());
        }
    }

    /** No wake-up is delivered once {@link #close} has returned. */
    private synchronized void tell(long number) {
        if (!closed) {
            wake.accept(number);
        }
    }

    private void report(LogException e) {
        if (!failing && !closed && kicked.availablePermits() == 0) {
            SafeLog.log(
                    LOGGER,
                    Level.WARNING,
                    "the log sends no wake-ups: " + e.getMessage()
                            + ". The store finds commits of other processes by polling, once in a poll interval",
                    e);
            failing = true;
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
        LogConnection open = connection;
        if (open != null) {
            Connector.close(open);
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
