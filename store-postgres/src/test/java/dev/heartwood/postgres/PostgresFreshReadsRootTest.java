package dev.heartwood.postgres;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;

class PostgresFreshReadsRootTest extends LogRootContract {
    PostgresFreshReadsRootTest() {
        super(Reads.FRESH);
    }

    @Override
    protected SharedLog connect(String name) throws Exception {
        return PostgresStore.options()
                .connect(PostgresEngine.url(PostgresEngine.shared().port()), name);
    }
}
