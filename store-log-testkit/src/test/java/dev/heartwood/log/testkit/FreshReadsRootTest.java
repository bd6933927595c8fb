package dev.heartwood.log.testkit;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;

class FreshReadsRootTest extends LogRootContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    FreshReadsRootTest() {
        super(Reads.FRESH);
    }

    @Override
    protected SharedLog connect(String name) {
        return logs.connect(name);
    }
}
