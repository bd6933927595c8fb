package dev.heartwood.postgres.engine;

import dev.heartwood.log.LogAddress;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.AddressedEngine;
import dev.heartwood.postgres.PostgresStore;

/** Makes the addresses of PostgreSQL known to {@link LogAddress#connect()}. */
public final class PostgresLogEngine extends AddressedEngine {
    /** For {@link java.util.ServiceLoader}. */
    public PostgresLogEngine() {
        super("jdbc:postgresql://host/database", "jdbc:postgresql:");
    }

    @Override
    public SharedLog connect(LogAddress address) {
        return PostgresStore.options().of(address).connect(address.server(), address.tree());
    }
}
