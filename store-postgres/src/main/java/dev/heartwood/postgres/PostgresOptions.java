package dev.heartwood.postgres;

import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.tree.DurationText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Options of a store in a PostgreSQL database. Each method gives new options; immutable. */
public final class PostgresOptions {
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final int LONGEST_NAME = 200;

    private final Map<String, String> properties;
    private final Supplier<? extends @Nullable String> password;
    private final Duration requestTimeout;
    private final @Nullable String schema;
    private final boolean notifications;
    private final LogOptions log;
    private final StoreOptions store;
    private final boolean createIfMissing;

    PostgresOptions() {
        this(Map.of(), () -> null, Duration.ofSeconds(5), null, true, LogStore.options(), Store.options(), true);
    }

    private PostgresOptions(
            Map<String, String> properties,
            Supplier<? extends @Nullable String> password,
            Duration requestTimeout,
            @Nullable String schema,
            boolean notifications,
            LogOptions log,
            StoreOptions store,
            boolean createIfMissing) {
        this.properties = Map.copyOf(properties);
        this.password = password;
        this.requestTimeout = requestTimeout;
        this.schema = schema;
        this.notifications = notifications;
        this.log = log;
        this.store = store;
        this.createIfMissing = createIfMissing;
    }

    /** The database user and its password. Default: as the URL says. */
    public PostgresOptions user(String name, String secret) {
        Objects.requireNonNull(secret, "password must not be null");
        return user(name, () -> secret);
    }

    /** The database user and its password, which is asked for at each new connection: for passwords that change. */
    public PostgresOptions user(String name, Supplier<String> secret) {
        Objects.requireNonNull(secret, "password must not be null");
        return with(
                new PostgresOptions(
                        properties, secret, requestTimeout, schema, notifications, log, store, createIfMissing),
                "user",
                name);
    }

    /**
     * Connects with TLS only, to a server whose certificate is signed by one of these authorities and names the host of
     * the URL.
     *
     * @param authorities a file of certificates in PEM
     */
    public PostgresOptions tls(Path authorities) {
        return property("sslmode", "verify-full").property("sslrootcert", authorities.toString());
    }

    /**
     * A connection property of the PostgreSQL driver, such as {@code sslcert} or {@code prepareThreshold}. One in the URL
     * goes before it.
     */
    public PostgresOptions property(String name, String value) {
        return with(this, name, value);
    }

    /**
     * How long a request may take before its answer counts as lost. The store then sends it again, on a new connection,
     * until {@link LogOptions#deadline}. Default: 5 s.
     *
     * @throws IllegalArgumentException if it is below one millisecond or above a day
     */
    public PostgresOptions requestTimeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout must not be null").compareTo(Duration.ofMillis(1)) < 0
                || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("expected a time-out of 1 ms to 24 h, not " + DurationText.of(timeout));
        }
        return new PostgresOptions(properties, password, timeout, schema, notifications, log, store, createIfMissing);
    }

    /**
     * The schema of the tables, made where there is none and the user may. Default: the first schema of the user's search
     * path.
     */
    public PostgresOptions schema(String name) {
        return new PostgresOptions(
                properties,
                password,
                requestTimeout,
                Objects.requireNonNull(name, "schema must not be null"),
                notifications,
                log,
                store,
                createIfMissing);
    }

    /**
     * Whether commits of other processes are told by {@code LISTEN} and {@code NOTIFY}, on a connection of its own; else
     * they are found by asking at each {@link LogOptions#pollInterval}. Say false behind a pooler that lends connections
     * for a transaction at a time, and in all processes of a database with so many commits that the lock of its
     * notifications is contended. Default: true.
     */
    public PostgresOptions notifications(boolean choice) {
        return new PostgresOptions(properties, password, requestTimeout, schema, choice, log, store, createIfMissing);
    }

    /** Options of every store over a log, such as the deadline and the poll interval. */
    public PostgresOptions log(LogOptions options) {
        return new PostgresOptions(
                properties,
                password,
                requestTimeout,
                schema,
                notifications,
                Objects.requireNonNull(options, "options must not be null"),
                store,
                createIfMissing);
    }

    /** Options that every store has, such as its failure handler. */
    public PostgresOptions store(StoreOptions options) {
        return new PostgresOptions(
                properties,
                password,
                requestTimeout,
                schema,
                notifications,
                log,
                Objects.requireNonNull(options, "options must not be null"),
                createIfMissing);
    }

    /**
     * Whether to make the tree where there is none; else opening it is refused, and nothing is written. Default: true.
     */
    public PostgresOptions createIfMissing(boolean choice) {
        return new PostgresOptions(properties, password, requestTimeout, schema, notifications, log, store, choice);
    }

    /**
     * Opens the tree of a name, as {@link PostgresStore#open}.
     *
     * @throws dev.heartwood.StoreIOException if the server cannot be reached or refuses, or there is no such tree and
     *     {@link #createIfMissing} is false; the message says what to do
     * @throws dev.heartwood.GuardException if the tree breaks a guard of the {@link #store} options
     * @throws IllegalArgumentException if the address or the name of the tree cannot be used
     */
    public Store open(String url, String tree) {
        return log.over(connect(url, tree), store);
    }

    /**
     * A connection to the log of a tree, for {@link LogOptions#over(SharedLog)} and for tools. It connects at the first
     * request, and makes the log then if there is none: see {@link #createIfMissing}.
     *
     * @throws IllegalArgumentException if the URL or the name is not of the form that {@link PostgresStore#open} takes
     */
    public SharedLog connect(String url, String tree) {
        boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(tree) && tree.indexOf('\0') < 0;
        if (tree.isBlank() || tree.length() > LONGEST_NAME || !isText) {
            throw new IllegalArgumentException("expected a name of 1 to " + LONGEST_NAME + " characters for the tree");
        }
        return new PostgresLog(new PostgresDatabase(url, tree, this));
    }

    private static PostgresOptions with(PostgresOptions options, String name, String value) {
        Map<String, String> more = new TreeMap<>(options.properties);
        more.put(
                Objects.requireNonNull(name, "name must not be null"),
                Objects.requireNonNull(value, "value must not be null"));
        return new PostgresOptions(
                more,
                options.password,
                options.requestTimeout,
                options.schema,
                options.notifications,
                options.log,
                options.store,
                options.createIfMissing);
    }

    Map<String, String> properties() {
        return properties;
    }

    @Nullable
    String password() {
        return password.get();
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    @Nullable
    String schema() {
        return schema;
    }

    boolean notifications() {
        return notifications;
    }

    boolean createIfMissing() {
        return createIfMissing;
    }
}
