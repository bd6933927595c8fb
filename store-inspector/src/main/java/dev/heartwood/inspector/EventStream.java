package dev.heartwood.inspector;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One page that follows: writes events to it until it goes away, the store closes or the server does.
 *
 * <p>A page that does not read makes a write wait. {@link #endIfStalled} then interrupts the thread that writes, which
 * closes the connection.
 */
final class EventStream {
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int LOOKS_TO_HEARTBEAT = 100;

    private final HttpExchange exchange;
    private final Thread thread = Thread.currentThread();
    /** Guarded by this. When the write that is under way began; 0 for none. */
    private long writingSince;
    /** Guarded by this. */
    private boolean ended;

    EventStream(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /** Says that events follow. */
    void begin() throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
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
            } else if (looks % LOOKS_TO_HEARTBEAT == 0) {
                write(": still here\n\n"); // fails if the page has gone
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

    /** Interrupts a write that has been waiting for so long. */
    synchronized void endIfStalled(long nanos) {
        if (writingSince != 0 && System.nanoTime() - writingSince > nanos) {
            ended = true;
            thread.interrupt();
        }
    }

    private static String event(String name, List<RecordedStep> steps) throws IOException {
        StringBuilder text = new StringBuilder("event: ").append(name).append("\nid: ");
        text.append(steps.get(steps.size() - 1).version()).append("\ndata: {");
        new RecordingWriter(text, InspectorServer.LONGEST).steps(steps);
        return text.append("}\n\n").toString();
    }

    private void write(String text) throws IOException {
        OutputStream out = exchange.getResponseBody();
        startWriting();
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            endWriting();
        }
    }

    private synchronized void startWriting() {
        writingSince = Math.max(1, System.nanoTime());
    }

    private synchronized void endWriting() {
        writingSince = 0;
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
