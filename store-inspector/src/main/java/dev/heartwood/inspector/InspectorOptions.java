package dev.heartwood.inspector;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of a live inspector. Each method gives new options; immutable. */
public final class InspectorOptions {
    static final InspectorOptions DEFAULT =
            new InspectorOptions(0, "Store", 10_000, 16, false, null, Duration.ofSeconds(20));

    private final int port;
    private final String title;
    private final int keep;
    private final int pages;
    private final boolean writable;
    private final @Nullable History history;
    private final Duration stall;

    private InspectorOptions(
            int port, String title, int keep, int pages, boolean writable, @Nullable History history, Duration stall) {
        this.port = port;
        this.title = title;
        this.keep = keep;
        this.pages = pages;
        this.writable = writable;
        this.history = history;
        this.stall = stall;
    }

    /**
     * The port to listen on, on the loopback address. Default: 0, any that is free.
     *
     * @throws IllegalArgumentException if it is not between 0 and 65535
     */
    public InspectorOptions port(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 0 to 65535, not " + port);
        }
        return new InspectorOptions(port, title, keep, pages, writable, history, stall);
    }

    /** The title of the page. Default: {@code Store}. */
    public InspectorOptions title(String title) {
        return new InspectorOptions(
                port, requireNonNull(title, "title must not be null"), keep, pages, writable, history, stall);
    }

    /**
     * How many of the newest commits the inspector keeps and shows. Default: 10,000. Without effect beside
     * {@link #history}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public InspectorOptions keep(int commits) {
        return new InspectorOptions(port, title, atLeastOne(commits), pages, writable, history, stall);
    }

    /**
     * How many pages may follow the store at once; more are refused. Default: 16.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public InspectorOptions pages(int pages) {
        return new InspectorOptions(port, title, keep, atLeastOne(pages), writable, history, stall);
    }

    /**
     * Lets pages change the store: put a value, and restore a version. Such commits have the author {@code inspector}.
     * Default: pages only look.
     */
    public InspectorOptions writable() {
        return new InspectorOptions(port, title, keep, pages, true, history, stall);
    }

    /**
     * Shows a history that the program keeps, with its bounds. It must be a history of the store that
     * {@link #of} is given, and stays open when the inspector closes. Default: a history of the inspector's own.
     */
    public InspectorOptions history(History history) {
        return new InspectorOptions(
                port, title, keep, pages, writable, requireNonNull(history, "history must not be null"), stall);
    }

    /** The time that a client has for its request, and then for each part of the answer, before its connection is closed. */
    InspectorOptions stall(Duration limit) {
        return new InspectorOptions(port, title, keep, pages, writable, history, limit);
    }

    /**
     * Starts to serve the page for a store. Its server keeps the JVM alive until the inspector is closed.
     *
     * @throws StoreIOException if the port is taken
     */
    public Inspector of(Store store) {
        return Inspector.start(requireNonNull(store, "store must not be null"), this);
    }

    /**
     * Starts to serve the page for a history alone: one that was loaded, or read from the files of a store. The page
     * shows the history as it is when the page is loaded. The history stays open when the inspector closes.
     *
     * @throws StoreIOException if the port is taken
     * @throws IllegalStateException if pages may write, for which there is no store
     */
    public Inspector of(History recorded) {
        if (writable) {
            throw new IllegalStateException("pages that may write need a store: of(Store), with history(…)");
        }
        return Inspector.start(null, history(recorded));
    }

    int port() {
        return port;
    }

    String title() {
        return title;
    }

    int keep() {
        return keep;
    }

    int pages() {
        return pages;
    }

    boolean isWritable() {
        return writable;
    }

    @Nullable
    History history() {
        return history;
    }

    Duration stall() {
        return stall;
    }

    private static int atLeastOne(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("expected a bound of at least 1, not " + bound);
        }
        return bound;
    }
}
