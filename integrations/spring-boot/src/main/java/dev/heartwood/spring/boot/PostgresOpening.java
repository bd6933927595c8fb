package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.postgres.PostgresOptions;
import dev.heartwood.postgres.PostgresStore;

/** Apart, so that its classes are looked for only where the properties ask for them. */
final class PostgresOpening {
    private PostgresOpening() {}

    static Store open(StoreOpening opening) {
        ServerProperties server = opening.server();
        PostgresOptions options = opening.with(PostgresOptions.class, PostgresStore.options(), PostgresOptions::store);
        options = server.hasUser() ? options.user(server.user(), server.password()) : options;
        return options.open(server.url(), server.tree());
    }
}
