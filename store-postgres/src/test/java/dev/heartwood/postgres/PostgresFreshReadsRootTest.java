package dev.heartwood.postgres;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Over the same engine as {@link PostgresLocalReadsRootTest}, so in long runs only. */
@EnabledIfSystemProperty(named = "heartwood.long", matches = "true")
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
