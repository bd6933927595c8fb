package dev.heartwood.log;

import dev.heartwood.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Tests of stores over one log in memory, some of them over a connection whose faults the test turns on. All are closed in the end. */
abstract class StoresOverALog {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final InMemoryLog log = new InMemoryLog();
    final FaultyLog connection = new FaultyLog(log.connect(), 1);
    /** What is closed in the end. */
    final List<Store> open = new ArrayList<>();

    static LogOptions options() {
        return LogStore.options()
                .deadline(Duration.ofMillis(200))
                .pollInterval(Duration.ofMillis(50))
                .checkpointEvery(0);
    }

    final Store open(SharedLog over) {
        return open(options(), over);
    }

    final Store open(LogOptions options, SharedLog over) {
        Store store = options.over(over);
        open.add(store);
        return store;
    }

    @AfterEach
    final void close() {
        connection.mode = FaultyLog.Mode.SOUND;
        open.forEach(Store::close);
    }
}
