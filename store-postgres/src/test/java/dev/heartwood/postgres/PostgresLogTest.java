package dev.heartwood.postgres;

import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogContract;

class PostgresLogTest extends LogContract {
    @Override
    protected SharedLog connect(String name) throws Exception {
        return PostgresStore.options()
                .connect(PostgresEngine.url(PostgresEngine.shared().port()), name);
    }
}
