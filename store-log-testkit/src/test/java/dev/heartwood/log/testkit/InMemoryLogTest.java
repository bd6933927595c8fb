package dev.heartwood.log.testkit;

import dev.heartwood.log.InMemoryLog;
import dev.heartwood.log.SharedLog;
import java.util.HashMap;
import java.util.Map;

class InMemoryLogTest extends LogContract {
    private final Map<String, InMemoryLog> logs = new HashMap<>();

    @Override
    protected SharedLog connect(String name) {
        return logs.computeIfAbsent(name, unknown -> new InMemoryLog()).connect();
    }
}
