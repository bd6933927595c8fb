package dev.heartwood.inspector;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One page that follows: writes events to it until it goes away, the store closes or the server does. */
final class EventStream {
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int LOOKS_TO_HEARTBEAT = 100;

    private final HttpExchange exchange;
    private final ClientWaits waits;
    /** Whether another page waits for the room of this one. */
    private final BooleanSupplier wanted;

    /** Guarded by this. */
    private boolean ended;

    EventStream(HttpExchange exchange, ClientWaits waits, BooleanSupplier wanted) {
        this.exchange = exchange;
        this.waits = waits;
        this.wanted = wanted;
    }

    /** Says that events follow. */
    void begin() throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        waits.begin();
        exchange.sendResponseHeaders(200, 0);
        write(": connected\n\n");
    }

    /** Follows the feed. Returns when the page has gone. */
    void follow(CommitFeed feed) throws IOException, InterruptedException {
        for (int looks = 1; !isEnded(); looks++) {
            List<RecordedStep> steps = feed.next();
            if (!steps.isEmpty()) {
                write(event("commits", steps));
            } else if (feed.isEnded()) {
                write("event: closed\ndata: \n\n");
                return;
            } else if (looks % LOOKS_TO_HEARTBEAT == 0 || wanted.getAsBoolean()) {
                write(": still here\n\n"); // if the page has gone, the second one fails
            }
            pause();
        }
        write("event: closed\ndata: \n\n");
    }

    /** Tells the page to start over: the commits after its last one are gone. */
    void again() throws IOException {
        write("event: again\ndata: \n\n");
    }

    /** The server closes. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    private static String event(String name, List<RecordedStep> steps) throws IOException {
        StringBuilder text = new StringBuilder("event: ").append(name).append("\nid: ");
        text.append(steps.get(steps.size() - 1).version()).append("\ndata: {");
        new RecordingWriter(text, InspectorServer.LONGEST).steps(steps);
        return text.append("}\n\n").toString();
    }

    private void write(String text) throws IOException {
        OutputStream out = waits.output(exchange.getResponseBody());
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        waits.end();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    @SuppressWarnings("WaitNotInLoop") // a pause: to look again too early does no harm
    private synchronized void pause() throws InterruptedException {
        if (!ended) {
            wait(LOOK_EVERY_MILLIS);
        }
    }
}
