package dev.heartwood.redis.engine;

import dev.heartwood.log.LogAddress;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.AddressedEngine;
import dev.heartwood.redis.RedisStore;

/** Makes the addresses of Redis known to {@link LogAddress#connect()}. */
public final class RedisLogEngine extends AddressedEngine {
    /** For {@link java.util.ServiceLoader}. */
    public RedisLogEngine() {
        super("redis://host:6379", "redis://", "rediss://");
    }

    @Override
    public SharedLog connect(LogAddress address) {
        return RedisStore.options().of(address).connect(address.uri(), address.tree());
    }
}
