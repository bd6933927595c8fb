package dev.heartwood.redis;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Over the same engine as {@link RedisLocalReadsRootTest}, so in long runs only. */
@EnabledIfSystemProperty(named = "heartwood.long", matches = "true")
class RedisFreshReadsRootTest extends LogRootContract {
    RedisFreshReadsRootTest() {
        super(Reads.FRESH);
    }

    @Override
    protected SharedLog connect(String name) throws Exception {
        return RedisEngine.shared(name);
    }
}
