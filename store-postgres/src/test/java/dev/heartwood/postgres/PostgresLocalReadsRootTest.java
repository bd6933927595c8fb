package dev.heartwood.postgres;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;

class PostgresLocalReadsRootTest extends LogRootContract {
    PostgresLocalReadsRootTest() {
        super(Reads.LOCAL);
    }

    @Override
    protected SharedLog connect(String name) throws Exception {
        return PostgresStore.options()
                .connect(PostgresEngine.url(PostgresEngine.shared().port()), name);
    }
}
