package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.redis.RedisOptions;
import dev.heartwood.redis.RedisStore;

/** Apart, so that its classes are looked for only where the properties ask for them. */
final class RedisOpening {
    private RedisOpening() {}

    static Store open(StoreOpening opening) {
        ServerProperties server = opening.server();
        RedisOptions options = opening.with(RedisOptions.class, RedisStore.options(), RedisOptions::store);
        options = server.hasUser() ? options.user(server.user(), server.password()) : options;
        return options.open(server.address(), server.tree());
    }
}
