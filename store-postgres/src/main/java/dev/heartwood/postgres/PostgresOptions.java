package dev.heartwood.postgres;

import dev.heartwood.Store;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.EngineOptions;
import dev.heartwood.log.engine.EngineSettings;
import java.nio.file.Path;

/** Options of a store in a PostgreSQL database. Each method gives new options; immutable. */
public final class PostgresOptions extends EngineOptions<PostgresOptions> {
    PostgresOptions(EngineSettings settings) {
        super(settings);
    }

    @Override
    protected PostgresOptions with(EngineSettings changed) {
        return new PostgresOptions(changed);
    }

    /**
     * Connects with TLS only, to a server whose certificate is signed by one of these authorities and names the host of
     * the URL.
     *
     * @param authorities a file of certificates in PEM
     * @throws IllegalArgumentException if it cannot be read as such
     */
    @Override
    public PostgresOptions tls(Path authorities) {
        return super.tls(authorities)
                .property("sslmode", "verify-full")
                .property("sslrootcert", authorities.toString());
    }

    /**
     * A connection property of the PostgreSQL driver, such as {@code sslcert} or {@code prepareThreshold}. One in the URL
     * goes before it.
     */
    public PostgresOptions property(String name, String value) {
        return with(settings().property(name, value));
    }

    /**
     * The schema of the tables, made where there is none and the user may. Default: the first schema of the user's search
     * path.
     */
    public PostgresOptions schema(String name) {
        return with(settings().namespace(name));
    }

    /**
     * Whether commits of other processes are told by {@code LISTEN} and {@code NOTIFY}, on a connection of its own; else
     * they are found by asking at each {@link LogOptions#pollInterval}. Say false behind a pooler that lends connections
     * for a transaction at a time, and in all processes of a database with so many commits that the lock of its
     * notifications is contended. Default: true.
     */
    public PostgresOptions notifications(boolean choice) {
        return with(settings().wakeUps(choice));
    }

    /**
     * Opens the tree of a name, as {@link PostgresStore#open}.
     *
     * @throws dev.heartwood.StoreIOException if the server cannot be reached or refuses, or there is no such tree and
     *     {@link #createIfMissing} is false; the message names the remedy
     * @throws dev.heartwood.GuardException if the tree breaks a guard of the {@link #store} options
     * @throws IllegalArgumentException if the address or the name of the tree cannot be used
     */
    public Store open(String url, String tree) {
        return over(connect(url, tree));
    }

    /**
     * A connection to the log of a tree, for {@link LogOptions#over(SharedLog)} and for tools. It connects at the first
     * request, and makes the log then if there is none: see {@link #createIfMissing}.
     *
     * @throws IllegalArgumentException if the URL or the name is not of the form that {@link PostgresStore#open} takes
     */
    public SharedLog connect(String url, String tree) {
        PostgresServer server = new PostgresServer(url, requireName(tree), settings());
        return connection(server.toString(), 1 << 20, server);
    }
}
