package dev.heartwood.log;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an engine to its server, which threads use in turn: made at the first request, and anew after each
 * {@link #drop}.
 *
 * @param <C> the connection
 */
public final class SharedConnection<C> {
    private final Connector<C> connector;
    private final Consumer<C> abort;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable C connection;
    private volatile boolean closed;

    /** Makes the connections. */
    public interface Connector<C> {
        /** A new connection. */
        C connect() throws Unavailable, Refused;
    }

    /**
     * A request with exclusive use of the connection. It {@linkplain #drop drops} a connection that is no longer
     * reliable.
     */
    public interface Request<C, T> {
        /** Sends it, and reads the answer. */
        T on(C connection) throws InDoubt, Unavailable, Refused;
    }

    /**
     * No connection yet.
     *
     * @param abort closes a connection, also one on which another thread waits for an answer, which then fails soon; may be
     *     called more than once, and never throws
     */
    public SharedConnection(Connector<C> connector, Consumer<C> abort) {
        this.connector = connector;
        this.abort = abort;
    }

    /** The answer to a request that does no harm when it is repeated. */
    public <T> T ask(Request<C, T> request) throws Unavailable, Refused {
        try {
            return call(request);
        } catch (InDoubt e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** The answer to a request that changes something. */
    public <T> T call(Request<C, T> request) throws InDoubt, Unavailable, Refused {
        // An interrupt closes the socket that a virtual thread waits for, and would make every retry fail.
        boolean isInterrupted = Thread.interrupted();
        turn.lock();
        try {
            return request.on(open());
        } finally {
            turn.unlock();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private C open() throws Unavailable, Refused {
        C open = connection;
        if (open == null) {
            requireOpen();
            open = connector.connect();
            connection = open;
        }
        // Closed meanwhile: close() has not seen this connection.
        if (closed) {
            drop();
        }
        requireOpen();
        return open;
    }

    private void requireOpen() throws Refused {
        if (closed) {
            throw new Refused("this connection is closed", null);
        }
    }

    /** Closes the connection, so that the next request makes another. Called by a request, in its turn. */
    public void drop() {
        C open = connection;
        connection = null;
        if (open != null) {
            abort.accept(open);
        }
    }

    /** Ends it: each further request is refused, and one that waits for its answer fails soon. Called by any thread. */
    public void close() {
        closed = true;
        C open = connection;
        if (open != null) {
            abort.accept(open);
        }
    }
}
