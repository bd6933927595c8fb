package dev.heartwood.redis.engine;

import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogEngine;
import dev.heartwood.log.SharedLog;
import dev.heartwood.redis.RedisOptions;
import dev.heartwood.redis.RedisStore;
import java.net.URI;
import java.util.List;

/** Makes the addresses of Redis known to {@link LogAddress#connect()}. */
public final class RedisLogEngine implements LogEngine {
    @Override
    public String form() {
        return "redis://host:6379";
    }

    @Override
    public boolean accepts(String server) {
        return server.startsWith("redis://") || server.startsWith("rediss://");
    }

    @Override
    public SharedLog connect(LogAddress address) {
        RedisOptions options = RedisStore.options().createIfMissing(address.createIfMissing());
        options = address.user().isPresent() ? options.user(address.user().get(), address::password) : options;
        options = address.authorities().isPresent()
                ? options.tls(address.authorities().get())
                : options;
        List<URI> servers = address.uris();
        if (servers.size() > 1) {
            throw new IllegalArgumentException("expected one address of Redis, not several");
        }
        return options.connect(servers.get(0), address.tree());
    }
}
