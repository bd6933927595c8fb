package dev.heartwood.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.file.JsonFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that counts visits by page, and goes on counting where it stopped, however it was stopped. The counts stand in
 * a JSON file: open it in an editor beside it.
 *
 * <p>Arguments, both optional: the file, the port.
 */
public final class CountingServer implements AutoCloseable {
    private static final int PORT = 8080;
    private static final int THREADS = 8;

    private final Store store;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;

    /**
     * A server on this machine alone.
     *
     * @param file where the counts stand
     * @param port 0 for any that is free
     */
    public CountingServer(Path file, int port) throws IOException {
        store = JsonFile.open(file);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            store.close();
            throw e;
        }
        server.createContext("/", this::count);
        server.setExecutor(threads);
        server.start();
    }

    /** Serves until it is stopped. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args.length > 0 ? args[0] : "visits.json").toAbsolutePath();
        CountingServer server = new CountingServer(file, args.length > 1 ? Integer.parseInt(args[1]) : PORT);
        System.out.println("http://localhost:" + server.port() + "/any/page counts into " + file + "; kill -9 "
                + ProcessHandle.current().pid() + ", start again, and it goes on");
    }

    /** The port that it listens to. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void count(HttpExchange exchange) throws IOException {
        try (exchange) {
            String page = exchange.getRequestURI().getPath();
            // One commit: the two counts agree in every state. It is on the disk when this returns.
            long visits = store.transact(tx -> {
                tx.merge(KeyPath.of("total"), Long.class, 1L, Long::sum);
                return tx.merge(KeyPath.of("pages", page), Long.class, 1L, Long::sum);
            });
            answer(exchange, 200, page + " was visited " + visits + " times\n");
        } catch (StoreException e) {
            answer(exchange, 503, e.getMessage() + "\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    /** Stops serving; the counts are in the file. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
        store.close();
    }
}
