package dev.heartwood.redis;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.redis.RespConnection.ErrorAnswer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One connection that threads use in turn: made at the first request, and anew after each failure. */
final class RedisSession {
    private final RedisServer server;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable RespConnection connection;
    private volatile boolean closed;

    RedisSession(RedisServer server) {
        this.server = server;
    }

    /** The answer to a request that may be repeated. */
    @Nullable
    Object ask(String... words) throws Unavailable, Refused {
        try {
            return call(words);
        } catch (InDoubt e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** The answer to a request that changes something. */
    @Nullable
    Object call(String... words) throws InDoubt, Unavailable, Refused {
        // An interrupt closes the socket that a virtual thread waits for, and would so spoil each retry.
        boolean isInterrupted = Thread.interrupted();
        turn.lock();
        try {
            RespConnection open = open();
            try {
                return open.call(List.of(words));
            } catch (ErrorAnswer e) {
                drop();
                throw RedisErrors.of(e);
            } catch (IOException e) {
                drop();
                throw new InDoubt(server.message("has not answered", e), e);
            }
        } finally {
            turn.unlock();
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RespConnection open() throws Unavailable, Refused {
        RespConnection open = connection;
        if (open == null) {
            requireOpen();
            open = server.connect();
            connection = open;
        }
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

    private void drop() {
        RespConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    /** Ends the session; a request that waits for its answer fails soon. */
    void close() {
        closed = true;
        RespConnection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
