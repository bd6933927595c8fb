package dev.heartwood.log.engine;

import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.tree.DurationText;
import io.vavr.collection.LinkedHashMap;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The settings that engines have in common. Immutable; each method with a parameter gives new settings. Users set them with
 * {@link EngineOptions}, and an engine reads them here.
 */
public final class EngineSettings {
    /** The default settings. */
    public static final EngineSettings DEFAULT = new EngineSettings(new Values());

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    /**
     * Nobody changes the values after the constructor. The field is final: a thread that comes by these settings through a
     * race sees the values as they were at its end. Without that it could see some of the defaults instead.
     */
    private final Values values;

    /** The values, and their defaults. */
    private static final class Values {
        private String user = "";
        private Supplier<? extends @Nullable String> password = () -> null;
        private @Nullable SSLContext tls;
        private Duration requestTimeout = Duration.ofSeconds(5);
        private @Nullable String namespace;
        private LinkedHashMap<String, String> properties = LinkedHashMap.empty();
        private boolean hasWakeUps = true;
        private boolean createIfMissing = true;
        private LogOptions log = LogStore.options();
        private StoreOptions store = Store.options();

        Values copy() {
            Values copy = new Values();
            copy.user = user;
            copy.password = password;
            copy.tls = tls;
            copy.requestTimeout = requestTimeout;
            copy.namespace = namespace;
            copy.properties = properties;
            copy.hasWakeUps = hasWakeUps;
            copy.createIfMissing = createIfMissing;
            copy.log = log;
            copy.store = store;
            return copy;
        }
    }

    private EngineSettings(Values values) {
        this.values = values;
    }

    private EngineSettings with(Consumer<Values> change) {
        Values copy = values.copy();
        change.accept(copy);
        return new EngineSettings(copy);
    }

    /** The same with this user; the password is asked for at each new connection. */
    public EngineSettings user(String name, Supplier<? extends @Nullable String> password) {
        Objects.requireNonNull(name, "user must not be null");
        Objects.requireNonNull(password, "password must not be null");
        return with(copy -> {
            copy.user = name;
            copy.password = password;
        });
    }

    /**
     * The same with the user and password of an address, {@code USER:PASSWORD} or a password alone, where these settings have
     * no password.
     *
     * @param userInfo null if the address has none
     */
    public EngineSettings userOf(@Nullable String userInfo) {
        if (userInfo == null || password() != null) {
            return this;
        }
        int colon = userInfo.indexOf(':');
        return user(userInfo.substring(0, Math.max(0, colon)), () -> userInfo.substring(colon + 1));
    }

    /** The same with this context of TLS. */
    public EngineSettings tls(SSLContext context) {
        Objects.requireNonNull(context, "context must not be null");
        return with(copy -> copy.tls = context);
    }

    /**
     * The same with this time after which the answer to a request counts as lost.
     *
     * @throws IllegalArgumentException if it is below one millisecond or above a day
     */
    public EngineSettings requestTimeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout must not be null").compareTo(Duration.ofMillis(1)) < 0
                || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("expected a time-out of 1 ms to 24 h, not " + DurationText.of(timeout));
        }
        return with(copy -> copy.requestTimeout = timeout);
    }

    /** The same with this beginning, or place, of the names that the log has on the server. */
    public EngineSettings namespace(String name) {
        Objects.requireNonNull(name, "namespace must not be null");
        return with(copy -> copy.namespace = name);
    }

    /** The same with this property of the client library; it takes the place of one of the same name. */
    public EngineSettings property(String name, String value) {
        Objects.requireNonNull(name, "name must not be null");
        Objects.requireNonNull(value, "value must not be null");
        return with(copy -> copy.properties = copy.properties.put(name, value));
    }

    /** The same, where the server tells of appends, or is asked once in a poll interval. */
    public EngineSettings wakeUps(boolean choice) {
        return with(copy -> copy.hasWakeUps = choice);
    }

    /** The same with this choice for a log that is not there: to make it, or to refuse. */
    public EngineSettings createIfMissing(boolean choice) {
        return with(copy -> copy.createIfMissing = choice);
    }

    /** The same with these options of every store over a log. */
    public EngineSettings log(LogOptions options) {
        Objects.requireNonNull(options, "options must not be null");
        return with(copy -> copy.log = options);
    }

    /** The same with these options that every store has. */
    public EngineSettings store(StoreOptions options) {
        Objects.requireNonNull(options, "options must not be null");
        return with(copy -> copy.store = options);
    }

    /** The user; empty for none. */
    public String user() {
        return values.user;
    }

    /** The user's password of now; null for none. Asked for at each new connection, and kept nowhere. */
    public @Nullable String password() {
        return values.password.get();
    }

    /** The context of TLS; null for that of the Java runtime. */
    public @Nullable SSLContext tls() {
        return values.tls;
    }

    /** The time after which the answer to a request counts as lost. */
    public Duration requestTimeout() {
        return values.requestTimeout;
    }

    /** The same time in milliseconds. */
    public int timeoutMillis() {
        return Math.toIntExact(values.requestTimeout.toMillis());
    }

    /** The namespace, or a default. */
    public String namespaceOr(String standard) {
        String namespace = values.namespace;
        return namespace == null ? standard : namespace;
    }

    /** The properties of the client library, in the order in which they were set first. */
    public LinkedHashMap<String, String> properties() {
        return values.properties;
    }

    /** Whether the server tells of appends. */
    public boolean hasWakeUps() {
        return values.hasWakeUps;
    }

    /** Whether a log that is not there is made. */
    public boolean createIfMissing() {
        return values.createIfMissing;
    }

    /** The options of every store over a log. */
    LogOptions log() {
        return values.log;
    }

    /** The options that every store has. */
    StoreOptions store() {
        return values.store;
    }
}
