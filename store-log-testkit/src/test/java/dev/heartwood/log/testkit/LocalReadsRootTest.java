package dev.heartwood.log.testkit;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;

class LocalReadsRootTest extends LogRootContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    LocalReadsRootTest() {
        super(Reads.LOCAL);
    }

    @Override
    protected SharedLog connect(String name) {
        return logs.connect(name);
    }
}
