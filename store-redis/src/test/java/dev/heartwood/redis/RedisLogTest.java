package dev.heartwood.redis;

import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogContract;

class RedisLogTest extends LogContract {
    @Override
    protected SharedLog connect(String name) throws Exception {
        return RedisEngine.shared(name);
    }
}
