package dev.heartwood.testkit;

import dev.heartwood.Edit;
import io.vavr.collection.Map;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A log of commits that several roots share, as processes share a database; an append takes its time. */
final class SharedStorage {
    private static final long APPEND_NANOS = 50_000;

    private final Map<String, ?> start;
    private final List<Entry> log = new ArrayList<>();

    SharedStorage(Map<String, ?> start) {
        this.start = start;
    }

    /** The tree that all roots start from, at version 0. */
    Map<String, ?> start() {
        return start;
    }

    /** Appends, if the log ends with that version. */
    synchronized boolean append(long after, Entry entry) {
        if (lastVersion() != after) {
            return false;
        }
        LockSupport.parkNanos(APPEND_NANOS);
        log.add(entry);
        return true;
    }

    /** The entries that have been appended since. */
    synchronized List<Entry> since(long version) {
        int from = log.size();
        while (from > 0 && log.get(from - 1).version > version) {
            from--;
        }
        return List.copyOf(log.subList(from, log.size()));
    }

    private long lastVersion() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).version;
    }

    /** One commit. */
    record Entry(long version, List<Edit> edits) {}
}
