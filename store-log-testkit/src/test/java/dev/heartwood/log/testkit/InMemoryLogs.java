package dev.heartwood.log.testkit;

import dev.heartwood.log.InMemoryLog;
import dev.heartwood.log.SharedLog;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Logs in memory by their names, as a server has them. */
final class InMemoryLogs {
    private final ConcurrentMap<String, InMemoryLog> logs = new ConcurrentHashMap<>();

    SharedLog connect(String name) {
        return logs.computeIfAbsent(name, unknown -> new InMemoryLog()).connect();
    }
}
