package dev.heartwood.postgres.engine;

import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogEngine;
import dev.heartwood.log.SharedLog;
import dev.heartwood.postgres.PostgresOptions;
import dev.heartwood.postgres.PostgresStore;

/** Makes the addresses of PostgreSQL known to {@link LogAddress#connect()}. */
public final class PostgresLogEngine implements LogEngine {
    @Override
    public String form() {
        return "jdbc:postgresql://host/database";
    }

    @Override
    public boolean accepts(String server) {
        return server.startsWith("jdbc:postgresql:");
    }

    @Override
    public SharedLog connect(LogAddress address) {
        PostgresOptions options = PostgresStore.options().createIfMissing(address.createIfMissing());
        options = address.user().isPresent() ? options.user(address.user().get(), address::password) : options;
        options = address.authorities().isPresent()
                ? options.tls(address.authorities().get())
                : options;
        return options.connect(address.server(), address.tree());
    }
}
