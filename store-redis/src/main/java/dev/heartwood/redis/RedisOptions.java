package dev.heartwood.redis;

import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.storage.TrustedAuthorities;
import dev.heartwood.tree.DurationText;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Options of a store in Redis. Each method gives new options; immutable. */
public final class RedisOptions {
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final int LONGEST_NAME = 200;

    private final String user;
    private final Supplier<? extends @Nullable String> password;
    private final @Nullable SSLContext tls;
    private final Duration requestTimeout;
    private final String namespace;
    private final LogOptions log;
    private final StoreOptions store;
    private final boolean createIfMissing;

    RedisOptions() {
        this("", () -> null, null, Duration.ofSeconds(5), "heartwood:", LogStore.options(), Store.options(), true);
    }

    private RedisOptions(
            String user,
            Supplier<? extends @Nullable String> password,
            @Nullable SSLContext tls,
            Duration requestTimeout,
            String namespace,
            LogOptions log,
            StoreOptions store,
            boolean createIfMissing) {
        this.user = user;
        this.password = password;
        this.tls = tls;
        this.requestTimeout = requestTimeout;
        this.namespace = namespace;
        this.log = log;
        this.store = store;
        this.createIfMissing = createIfMissing;
    }

    /** The user of Redis and its password; an empty name is the default user. Default: as the address says. */
    public RedisOptions user(String name, String secret) {
        Objects.requireNonNull(secret, "password must not be null");
        return user(name, () -> secret);
    }

    /** The user of Redis and its password, which is asked for at each new connection: for passwords that change. */
    public RedisOptions user(String name, Supplier<String> secret) {
        Objects.requireNonNull(secret, "password must not be null");
        return new RedisOptions(
                Objects.requireNonNull(name, "user must not be null"),
                secret,
                tls,
                requestTimeout,
                namespace,
                log,
                store,
                createIfMissing);
    }

    /**
     * Trusts servers whose certificate is signed by one of these authorities and names the host of the address, which begins
     * with {@code rediss}. Default: the authorities of the Java runtime.
     *
     * @param authorities a file of certificates in PEM
     * @throws IllegalArgumentException if it cannot be read as such
     */
    public RedisOptions tls(Path authorities) {
        return tls(TrustedAuthorities.context(authorities));
    }

    /** The same with a context of your own, for example with a certificate of the client. */
    public RedisOptions tls(SSLContext context) {
        return new RedisOptions(
                user,
                password,
                Objects.requireNonNull(context, "context must not be null"),
                requestTimeout,
                namespace,
                log,
                store,
                createIfMissing);
    }

    /**
     * How long a request may take before its answer counts as lost. The store then sends it again, on a new connection,
     * until {@link LogOptions#deadline}. Default: 5 s.
     *
     * @throws IllegalArgumentException if it is below one millisecond or above a day
     */
    public RedisOptions requestTimeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout must not be null").compareTo(Duration.ofMillis(1)) < 0
                || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("expected a time-out of 1 ms to 24 h, not " + DurationText.of(timeout));
        }
        return new RedisOptions(user, password, tls, timeout, namespace, log, store, createIfMissing);
    }

    /**
     * The beginning of all keys and of the channel; the name of the tree in braces follows, so that a cluster keeps them
     * together. Default: {@code heartwood:}.
     */
    public RedisOptions namespace(String prefix) {
        return new RedisOptions(
                user,
                password,
                tls,
                requestTimeout,
                Objects.requireNonNull(prefix, "prefix must not be null"),
                log,
                store,
                createIfMissing);
    }

    /** Options of every store over a log, such as the deadline and the poll interval. */
    public RedisOptions log(LogOptions options) {
        return new RedisOptions(
                user,
                password,
                tls,
                requestTimeout,
                namespace,
                Objects.requireNonNull(options, "options must not be null"),
                store,
                createIfMissing);
    }

    /** Options that every store has, such as its failure handler. */
    public RedisOptions store(StoreOptions options) {
        return new RedisOptions(
                user,
                password,
                tls,
                requestTimeout,
                namespace,
                log,
                Objects.requireNonNull(options, "options must not be null"),
                createIfMissing);
    }

    /**
     * Whether to make the tree where there is none; else opening it is refused, and nothing is written. Default: true.
     */
    public RedisOptions createIfMissing(boolean choice) {
        return new RedisOptions(user, password, tls, requestTimeout, namespace, log, store, choice);
    }

    /**
     * Opens the tree of a name, as {@link RedisStore#open}.
     *
     * @throws dev.heartwood.StoreIOException if the server cannot be reached or refuses, or there is no such tree and
     *     {@link #createIfMissing} is false; the message says what to do
     * @throws dev.heartwood.GuardException if the tree breaks a guard of the {@link #store} options
     * @throws IllegalArgumentException if the address or the name of the tree cannot be used
     */
    public Store open(URI server, String tree) {
        return log.over(connect(server, tree), store);
    }

    /**
     * A connection to the log of a tree, for {@link LogOptions#over(SharedLog)} and for tools. It connects at the first
     * request, and makes the log then if there is none: see {@link #createIfMissing}.
     *
     * @throws IllegalArgumentException if the address or the name is not of the form that {@link RedisStore#open} takes
     */
    public SharedLog connect(URI server, String tree) {
        boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(tree);
        if (tree.isBlank() || tree.length() > LONGEST_NAME || !isText) {
            throw new IllegalArgumentException("expected a name of 1 to " + LONGEST_NAME + " characters for the tree");
        }
        return new RedisLog(new RedisServer(server, this, namespace + "{" + tree + "}"));
    }

    String user() {
        return user;
    }

    @Nullable
    String password() {
        return password.get();
    }

    @Nullable
    SSLContext tls() {
        return tls;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    boolean createIfMissing() {
        return createIfMissing;
    }
}
