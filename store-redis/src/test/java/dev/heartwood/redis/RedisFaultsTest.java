package dev.heartwood.redis;

import dev.heartwood.log.testkit.LogFaultsContract;

class RedisFaultsTest extends LogFaultsContract {
    RedisFaultsTest() {
        super(new RedisEngine());
    }
}
