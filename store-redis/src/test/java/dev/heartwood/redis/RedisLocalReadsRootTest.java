package dev.heartwood.redis;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;

/** The contract of roots over the engine. */
class RedisLocalReadsRootTest extends LogRootContract {
    RedisLocalReadsRootTest() {
        super(Reads.LOCAL);
    }

    @Override
    protected SharedLog connect(String name) throws Exception {
        return RedisEngine.shared(name);
    }
}
