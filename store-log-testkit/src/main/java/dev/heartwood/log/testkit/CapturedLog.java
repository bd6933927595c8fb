package dev.heartwood.log.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Captures all log records of this process until it is closed, with stack traces; those of Heartwood at every level.
 */
public final class CapturedLog implements AutoCloseable {
    private final Logger everything = Logger.getLogger("");
    private final Logger heartwood = Logger.getLogger("dev.heartwood");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            lines.add(new SimpleFormatter().format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Begins to listen. */
    public CapturedLog() {
        handler.setLevel(Level.ALL);
        everything.addHandler(handler);
        heartwood.setLevel(Level.ALL);
    }

    /** The text of each record so far. */
    public List<String> lines() {
        return lines;
    }

    /** Listens no longer. */
    @Override
    public void close() {
        everything.removeHandler(handler);
        heartwood.setLevel(null);
    }
}
