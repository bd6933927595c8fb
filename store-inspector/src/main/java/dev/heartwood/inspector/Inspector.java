package dev.heartwood.inspector;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A page that shows a store, served to browsers on this computer while the program runs.
 *
 * <pre>{@code
 * try (Inspector inspector = Inspector.options().of(store)) {
 *     System.out.println("Look at the store: " + inspector.url());
 *     …
 * }
 * }</pre>
 *
 * <p><b>Access.</b> The server listens on the loopback address only, and answers only browsers that opened {@link #url}
 * once: it holds a random key, which the page exchanges for a cookie and takes out of the address. Requests that
 * another web page could have caused are refused by their {@code Host} and {@code Origin}. Any user that can read this
 * program's output or memory can look, too.
 *
 * <p><b>Cost.</b> A commit pays only the cost of a {@link History}. Each open page looks for new commits ten times a
 * second. If a page is slow or a store is fast, the page gets several commits in one step, which says so. The server
 * queues nothing for pages. It closes the connection of a client that does not read what it asked for, or does not end
 * its request, for 20 seconds.
 *
 * <p>Thread-safe.
 */
public final class Inspector implements AutoCloseable {
    private final InspectorServer server;
    private final History history;
    private final boolean ownHistory;

    private Inspector(InspectorServer server, History history, boolean ownHistory) {
        this.server = server;
        this.history = history;
        this.ownHistory = ownHistory;
    }

    /** The default options: port, how much is kept, whether pages may write; each default stands with its method in {@link InspectorOptions}. */
    public static InspectorOptions options() {
        return InspectorOptions.DEFAULT;
    }

    static Inspector start(@Nullable Store store, InspectorOptions options) {
        History given = options.history();
        History history = given != null
                ? given
                : History.options().keep(options.keep()).of(requireNonNull(store, "without a history, a store"));
        try {
            return new Inspector(InspectorServer.start(store, history, options), history, given == null);
        } catch (IOException e) {
            if (given == null) {
                history.close();
            }
            throw new StoreIOException(
                    "the inspector cannot listen on port " + options.port() + " of the loopback address (" + e
                            + "). The store is not affected. Choose another port, or 0 for any that is free.",
                    e);
        }
    }

    /** The address to open, with the key in it. Treat it as a password while the inspector runs. */
    public URI url() {
        return server.url();
    }

    /**
     * Stops serving; pages that are open say so. The store goes on, and so does a history that the program gave.
     * Idempotent.
     */
    @Override
    public void close() {
        server.close();
        if (ownHistory) {
            history.close();
        }
    }

    /** For people: the port, without the key. */
    @Override
    public String toString() {
        return "Inspector[port " + url().getPort() + "]";
    }
}
