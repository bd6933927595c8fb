package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What a log says of where a record comes from. Here, since this module can read {@code java.util.logging}. */
class LogSourceTest {
    @Test
    void logRecordsNameAClassThatUsersKnow() {
        List<String> sources = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                sources.add(logged.getSourceClassName()); // found by the stack, and so here
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.heartwood");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            Store.create()
                    .batch(tx -> tx.afterCommit(() -> {
                        throw new IllegalStateException("mine");
                    }));
        } finally {
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
        assertThat(sources).containsExactly("dev.heartwood.Store");
    }
}
