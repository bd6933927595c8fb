package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One connection that threads use in turn: made at the first request, and anew after each request that has failed. */
final class SharedConnection {
    private final Connector connector;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable LogConnection connection;
    private volatile boolean closed;

    /** A request, which is alone on the connection. */
    interface Request<T> {
        /** Sends it, and reads the answer. */
        T on(LogConnection connection) throws Exception;
    }

    SharedConnection(Connector connector) {
        this.connector = connector;
    }

    /** Whether a request is under way. */
    boolean isInUse() {
        return turn.isLocked();
    }

    /** The answer to a request that does no harm when it is repeated. */
    <T> T ask(Request<T> request) throws Unavailable, Refused {
        try {
            return call(request);
        } catch (InDoubt e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** The answer to a request that changes something. */
    <T> T call(Request<T> request) throws InDoubt, Unavailable, Refused {
        // An interrupt closes the socket that a virtual thread waits for, and would make every retry fail.
        boolean isInterrupted = Thread.interrupted();
        turn.lock();
        try {
            return answer(open(), request);
        } finally {
            turn.unlock();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T answer(LogConnection open, Request<T> request) throws InDoubt, Unavailable, Refused {
        try {
            return request.on(open);
        } catch (Error e) {
            // Half of an answer may be left in the connection. The next request must not take it for its own.
            drop(open);
            throw e;
        } catch (Exception e) {
            drop(open);
            LogException error = connector.error(open, e);
            if (error instanceof Unavailable unavailable) {
                throw unavailable;
            } else if (error instanceof Refused refused) {
                throw refused;
            }
            throw (InDoubt) error;
        }
    }

    private LogConnection open() throws Unavailable, Refused {
        LogConnection open = connection;
        if (open == null) {
            requireOpen();
            open = connector.connect();
            connection = open;
        }
        // Closed meanwhile: close() has not seen this connection.
        if (closed) {
            drop(open);
        }
        requireOpen();
        return open;
    }

    private void requireOpen() throws Refused {
        if (closed) {
            throw new Refused("this connection is closed", null);
        }
    }

    /** The next request makes another one. */
    private void drop(LogConnection open) {
        connection = null;
        Connector.close(open);
    }

    /** Ends it: each further request is refused, and one that waits for its answer fails soon. Called by any thread. */
    void close() {
        closed = true;
        LogConnection open = connection;
        if (open != null) {
            Connector.close(open);
        }
    }
}
