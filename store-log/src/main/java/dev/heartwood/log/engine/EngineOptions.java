package dev.heartwood.log.engine;

import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.SharedLog;
import dev.heartwood.storage.TrustedAuthorities;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The options that stores have on every engine; the options of an engine extend them. Each method gives new options;
 * immutable.
 *
 * @param <O> the options of the engine
 */
public abstract class EngineOptions<O extends EngineOptions<O>> {
    private static final int LONGEST_NAME = 200;

    private final EngineSettings settings;

    /** For subclasses. */
    protected EngineOptions(EngineSettings settings) {
        this.settings = settings;
    }

    /** Options of the engine with these settings. */
    protected abstract O with(EngineSettings changed);

    /** The settings. */
    protected final EngineSettings settings() {
        return settings;
    }

    /** The user of the server and its password. Default: as the address says, where it can name one; else none. */
    public O user(String name, String password) {
        Objects.requireNonNull(password, "password must not be null");
        return user(name, () -> password);
    }

    /** The user of the server and its password, which is asked for at each new connection: for passwords that change. */
    public O user(String name, Supplier<String> password) {
        return with(settings.user(Objects.requireNonNull(name, "user must not be null"), password));
    }

    /**
     * Trusts servers whose certificate is signed by one of these authorities and names the host of the address. Default: the
     * authorities of the Java runtime.
     *
     * @param authorities a file of certificates in PEM
     * @throws IllegalArgumentException if it cannot be read as such
     */
    public O tls(Path authorities) {
        return with(settings.tls(TrustedAuthorities.context(authorities)));
    }

    /**
     * How long a request may take before its answer counts as lost. The store then sends it again, on a new connection,
     * until {@link LogOptions#deadline}. Default: 5 s.
     *
     * @throws IllegalArgumentException if it is below one millisecond or above a day
     */
    public O requestTimeout(Duration timeout) {
        return with(settings.requestTimeout(timeout));
    }

    /** Options of every store over a log, such as the deadline and the poll interval. */
    public O log(LogOptions options) {
        return with(settings.log(options));
    }

    /** Options that every store has, such as its failure handler. */
    public O store(StoreOptions options) {
        return with(settings.store(options));
    }

    /**
     * Whether to make the tree where there is none; else opening it is refused, and nothing is written. Default: true.
     */
    public O createIfMissing(boolean choice) {
        return with(settings.createIfMissing(choice));
    }

    /** These options with the user, the authorities, and the choice for a tree that is not there, of an address. */
    public O of(LogAddress address) {
        O options = createIfMissing(address.createIfMissing());
        if (address.user().isPresent()) {
            options = options.user(address.user().get(), address::password);
        }
        return address.authorities().isPresent()
                ? options.tls(address.authorities().get())
                : options;
    }

    /** A store over a connection that {@link #connection} has given, with the options for stores. */
    protected final Store over(SharedLog connection) {
        return settings.log().over(connection, settings.store());
    }

    /**
     * A connection to the log on a server. It connects at the first request, and makes the log then if there is none.
     *
     * @param name the server, without a password, as in {@code Redis at localhost:6379}: messages begin with it
     * @param largestValue how many bytes in UTF-8 the body of an entry, or a part, may have; at least 1,000
     */
    protected final SharedLog connection(String name, int largestValue, LogServer server) {
        return new EngineLog(name, server, settings, largestValue);
    }

    /**
     * The name of a tree, which must have 1 to 200 characters, and not only blanks.
     *
     * @throws IllegalArgumentException if it has not
     */
    protected static String requireName(String tree) {
        boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(tree) && tree.indexOf('\0') < 0;
        if (tree.isBlank() || tree.length() > LONGEST_NAME || !isText) {
            throw new IllegalArgumentException("expected a name of 1 to " + LONGEST_NAME + " characters for the tree");
        }
        return tree;
    }
}
