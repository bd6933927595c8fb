/**
 * Keeps the tree in Redis, so that processes on several machines share it.
 */
module dev.heartwood.redis {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.log;
    requires static transitive org.jspecify;

    exports dev.heartwood.redis;

    provides dev.heartwood.log.LogEngine with
            dev.heartwood.redis.engine.RedisLogEngine;
}
