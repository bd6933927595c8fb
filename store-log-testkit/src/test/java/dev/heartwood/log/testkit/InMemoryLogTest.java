package dev.heartwood.log.testkit;

import dev.heartwood.log.SharedLog;

class InMemoryLogTest extends LogContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    @Override
    protected SharedLog connect(String name) {
        return logs.connect(name);
    }
}
