package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import org.jspecify.annotations.Nullable;

/** The server of an engine, or its cluster, where the log of one tree is. Thread-safe. */
public interface LogServer {
    /**
     * A new connection, to the next server where there are several; {@link LogConnection#begin} is called next. A store has
     * two connections, and one more that listens.
     */
    LogConnection connect() throws Exception;

    /**
     * The meaning of an exception that {@link #connect} or a connection has thrown. Not asked for those that mean the same for
     * every engine: a {@link LogException}, a certificate that is not trusted, and a connection that could not be made.
     *
     * @param isSent whether a request was sent; until {@link LogConnection#begin} has returned none was that matters
     * @return null if nothing is known of it: then a request that was sent is in doubt
     */
    default @Nullable LogException errorOf(Exception e, boolean isSent) {
        return null;
    }
}
