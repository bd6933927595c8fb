package dev.heartwood.postgres;

import dev.heartwood.Store;
import dev.heartwood.log.engine.EngineSettings;

/**
 * Opens a tree that lives in a PostgreSQL database (13 or later), so that processes on several machines share it.
 *
 * <p>A commit is one append to a log in three tables, and returns when PostgreSQL has made it durable. Many trees stand
 * beside each other in one database, each under its name. The promises are those of {@link dev.heartwood.log.LogStore}.
 */
public final class PostgresStore {
    private PostgresStore() {}

    /**
     * Opens the tree of a name, made where there is none, with the default {@link PostgresOptions}.
     *
     * @param url the database, as the PostgreSQL driver takes it: {@code jdbc:postgresql://host:5432/database}; with
     *     several hosts say {@code ?targetServerType=primary}
     * @param tree the name of the tree, 1 to 200 characters
     * @throws dev.heartwood.StoreIOException if the database does not answer before the deadline, or refuses
     * @throws IllegalArgumentException if the URL or the name is not of this form
     */
    public static Store open(String url, String tree) {
        return options().open(url, tree);
    }

    /** The default options of a store; each default stands with its method in {@link PostgresOptions}. */
    public static PostgresOptions options() {
        return new PostgresOptions(EngineSettings.DEFAULT);
    }
}
