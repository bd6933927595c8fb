package dev.heartwood.log.testkit;

import dev.heartwood.log.SharedLog;

/**
 * Gives {@link LogFaultsContract} an engine. An implementation has a constructor without parameters: other processes of
 * the suite make one of their own.
 */
public interface EngineFixture {
    /**
     * A connection to the log of a tree, on the server at a port of a host. Requests time out after about a second, so that
     * the suite need not wait long.
     */
    SharedLog connect(String host, int port, String tree);

    /** The same on this machine. */
    default SharedLog connect(int port, String tree) {
        return connect("127.0.0.1", port, tree);
    }

    /** Starts a server with no data; skips the test, with a word, if its program is not on this machine. */
    ServerProcess start() throws Exception;
}
