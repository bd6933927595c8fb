package dev.heartwood.inspector;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.history.History;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The server of the live page: the page itself, the recording, the events that follow it, and writes where allowed. */
final class InspectorServer {
    /** How many characters of one leaf go to a page. */
    static final int LONGEST = 1_000_000;

    /** About how many characters of values one recording may have. */
    private static final long RECORDING_SIZE = 100_000_000;

    private static final int LARGEST_BODY = 16 << 20;

    /** The time for a page that has gone to be noticed. Many looks of a stream. */
    private static final long ROOM_WITHIN_SECONDS = 3;

    /** Null where only a history is shown. */
    private final @Nullable Store store;

    private final History history;
    private final InspectorOptions options;
    private final HttpServer server;
    private final AccessCheck access;
    private final Semaphore pages;
    /** How many pages wait until another one makes room. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final ClientWaits waits = new ClientWaits();
    private final ExecutorService threads;
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(ServerThreads.daemon("heartwood-inspector-watchdog"));
    private volatile boolean closed;

    private InspectorServer(@Nullable Store store, History history, InspectorOptions options) throws IOException {
        this.store = store;
        this.history = history;
        this.options = options;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 0);
        this.access = new AccessCheck(server.getAddress().getPort());
        this.pages = new Semaphore(options.pages());
        this.threads = ServerThreads.create(options.pages());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task throws nothing, and ends with the watchdog
    static InspectorServer start(@Nullable Store store, History history, InspectorOptions options) throws IOException {
        InspectorServer inspector = new InspectorServer(store, history, options);
        inspector.server.createContext("/", inspector::handle);
        // The task reads the head of a request, has it handled, and closes: a client may keep each of these waiting.
        inspector.server.setExecutor(task -> inspector.threads.execute(inspector.waits.watched(task)));
        inspector.server.start();
        long every = Math.max(1, options.stall().toNanos() / ClientWaits.LOOKS);
        inspector.watchdog.scheduleWithFixedDelay(inspector.waits::look, every, every, TimeUnit.NANOSECONDS);
        return inspector;
    }

    URI url() {
        return url(server.getAddress(), access.key());
    }

    /** The loopback address is the one that the JVM prefers: {@code java.net.preferIPv6Addresses} makes it {@code ::1}. */
    static URI url(InetSocketAddress address, String key) {
        String host = address.getAddress() instanceof Inet6Address ? "[::1]" : "127.0.0.1";
        return URI.create("http://" + host + ":" + address.getPort() + "/?key=" + key);
    }

    void close() {
        closed = true;
        streams.forEach(EventStream::end);
        server.stop(streams.isEmpty() ? 0 : 1);
        watchdog.shutdownNow();
        threads.shutdownNow();
    }

    /** An answer other than 200, with a sentence for people. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            protect(exchange);
            try {
                route(exchange);
            } catch (Refusal e) {
                answer(exchange, e.status, "text/plain", String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                // The server ends: nothing is left to say.
            } finally {
                waits.begin(); // closing reads the rest of the request
            }
        }
    }

    private static void protect(HttpExchange exchange) {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Security-Policy", Page.livePolicy() + "; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    private void route(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
        if (!access.isOurs(exchange.getRequestMethod(), exchange.getRequestHeaders())) {
            throw new Refusal(403, "This server answers only its own page, by the address that the program printed.");
        }
        String path = exchange.getRequestURI().getPath();
        boolean get = exchange.getRequestMethod().equals("GET");
        if (get && path.equals("/") && access.hasKey(exchange)) {
            access.setCookie(exchange);
            answer(exchange, 200, "text/html", Page.live());
            return;
        }
        if (!access.hasCookie(exchange)) {
            throw new Refusal(401, "Open the address that the program printed: it has the key that this one lacks.");
        }
        switch (exchange.getRequestMethod() + " " + path) {
            case "GET /" -> answer(exchange, 200, "text/html", Page.live());
            case "GET /history" -> answer(exchange, 200, "application/json", recording());
            case "GET /events" -> events(exchange);
            case "POST /edit" -> write(exchange, InspectorServer::edit);
            case "POST /restore" -> write(exchange, this::restore);
            default -> throw new Refusal(404, "There is nothing at this address.");
        }
    }

    private String recording() throws IOException {
        waits.end();
        Recording recording = Recording.of(history, options.title(), RECORDING_SIZE);
        StringBuilder text =
                new StringBuilder("{\"writable\":").append(options.isWritable()).append(',');
        text.append("\"live\":").append(store != null).append(',');
        RecordingWriter writer = new RecordingWriter(text, recording.longest());
        writer.made(Instant.now());
        writer.recording(recording);
        return text.append('}').toString();
    }

    private void events(HttpExchange exchange) throws IOException, Refusal, InterruptedException {
        Store followed = store;
        if (followed == null) {
            throw new Refusal(404, "This is the record of a store, and no commits follow.");
        }
        long after = lastKnown(exchange);
        waits.end();
        if (!hasRoom()) {
            throw new Refusal(503, "So many pages are open that no more may follow: close one, or raise pages(…).");
        }
        EventStream stream = new EventStream(exchange, waits, () -> waiting.get() > 0);
        // The stream is listed before it checks whether the server is closed: close sets the mark first and then ends
        // the listed streams.
        streams.add(stream);
        try {
            if (closed) {
                stream.end();
            }
            CommitFeed feed = CommitFeed.after(after, followed, history);
            stream.begin();
            if (feed == null) {
                stream.again();
            } else {
                stream.follow(feed);
            }
        } finally {
            streams.remove(stream);
            pages.release();
        }
    }

    /** Takes the room of a page. If there is none, the streams look whether their pages are still there. */
    private boolean hasRoom() throws InterruptedException {
        if (pages.tryAcquire()) {
            return true;
        }
        waiting.incrementAndGet();
        try {
            return pages.tryAcquire(ROOM_WITHIN_SECONDS, TimeUnit.SECONDS);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** The version that the page has: from the browser when it connects again, else from the address. */
    private static long lastKnown(HttpExchange exchange) throws Refusal {
        String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        String query = exchange.getRequestURI().getQuery();
        String version = id != null ? id : query != null && query.startsWith("after=") ? query.substring(6) : "";
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new Refusal(400, "expected after=VERSION");
        }
    }

    /** A write that a page asks for. */
    @FunctionalInterface
    private interface PageWrite {
        void apply(HashMap<String, @Nullable Object> request, Store store) throws Refusal;
    }

    private void write(HttpExchange exchange, PageWrite write) throws IOException, Refusal {
        Store written = store;
        if (!options.isWritable() || written == null) {
            throw new Refusal(403, "The program lets this page look, and not write.");
        }
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(LARGEST_BODY + 1);
        }
        if (body.length > LARGEST_BODY) {
            throw new Refusal(413, "The value is longer than this page can send.");
        }
        waits.end();
        try {
            write.apply(Json.read(body), written.as("inspector"));
        } catch (StoreException | IllegalArgumentException | IllegalStateException e) {
            throw new Refusal(409, String.valueOf(e.getMessage()));
        }
        answer(exchange, 200, "text/plain", "done");
    }

    private static void edit(HashMap<String, @Nullable Object> request, Store store) throws Refusal {
        KeyPath path = KeyPath.parse(text(request, "path"));
        Object value = Json.readValue(text(request, "value"));
        store.batch(tx -> {
            tx.label("changed in the inspector");
            tx.put(path, value);
        });
    }

    private void restore(HashMap<String, @Nullable Object> request, Store store) throws Refusal {
        long version = Long.parseLong(text(request, "version"));
        store.restore(history.at(version));
    }

    private static String text(HashMap<String, @Nullable Object> request, String name) throws Refusal {
        if (request.getOrElse(name, null) instanceof String text) {
            return text;
        }
        throw new Refusal(400, "expected a text \"" + name + "\"");
    }

    private void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        waits.begin();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        waits.output(exchange.getResponseBody()).write(body);
    }
}
