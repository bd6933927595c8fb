package dev.heartwood.log;

import dev.heartwood.StoreException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place of a tree on the servers of an engine, as one text: the address for the engine's own {@code open}, a
 * {@code #}, and the name of the tree. For programs whose operator chooses the engine:
 *
 * <pre>{@code
 * Store store = LogStore.over(LogAddress.parse("redis://localhost:6379#orders").connect());
 * }</pre>
 *
 * <p>Addresses are {@code redis://host:6379} and {@code rediss://host:6379}, {@code jdbc:postgresql://host/database},
 * and {@code http://host:2379} and {@code https://host:2379} for etcd, where commas separate the members of a cluster.
 * The engine's module, such as {@code heartwood-redis}, must be on the class path or module path. Options of a single
 * engine are in its own class, such as {@code RedisOptions}.
 *
 * <p>Immutable; each method with a parameter returns a new address.
 */
public final class LogAddress {
    private final String server;
    private final String tree;
    private final @Nullable String user;
    private final Supplier<String> password;
    private final @Nullable Path authorities;
    private final boolean createIfMissing;

    private LogAddress(
            String server,
            String tree,
            @Nullable String user,
            Supplier<String> password,
            @Nullable Path authorities,
            boolean createIfMissing) {
        this.server = server;
        this.tree = tree;
        this.user = user;
        this.password = password;
        this.authorities = authorities;
        this.createIfMissing = createIfMissing;
    }

    /** The tree of this name on a server. */
    public static LogAddress of(String server, String tree) {
        return new LogAddress(
                Objects.requireNonNull(server, "server must not be null"),
                Objects.requireNonNull(tree, "tree must not be null"),
                null,
                () -> "",
                null,
                true);
    }

    /**
     * Reads {@code SERVER#TREE}. In the name of the tree, escapes such as {@code %20} represent a character, as in
     * other addresses.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static LogAddress parse(String text) {
        int end = Objects.requireNonNull(text, "text must not be null").indexOf('#');
        if (end < 0 || end == text.length() - 1) {
            // The message omits the address, because it may contain a password.
            throw new IllegalArgumentException("the address of the log names no tree: expected the address of a server,"
                    + " a #, and the name of the tree, such as redis://localhost:6379#orders");
        }
        try {
            String tree = URLDecoder.decode(text.substring(end + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
            return of(text.substring(0, end), tree);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the name of the tree has a % without two hexadecimal digits behind it: expected %25 for a %", e);
        }
    }

    /**
     * Connects as this user. The supplier of the password is called for each new connection. Default: the user of the
     * server's address.
     */
    public LogAddress user(String name, Supplier<String> secret) {
        return new LogAddress(
                server,
                tree,
                Objects.requireNonNull(name, "user must not be null"),
                Objects.requireNonNull(secret, "password must not be null"),
                authorities,
                createIfMissing);
    }

    /** Trusts servers whose certificate is signed by one of the authorities in a file in PEM. Default: those of Java. */
    public LogAddress authorities(Path file) {
        return new LogAddress(
                server,
                tree,
                user,
                password,
                Objects.requireNonNull(file, "authorities must not be null"),
                createIfMissing);
    }

    /** Sets whether a missing tree is created, or refused. Default: created. */
    public LogAddress createIfMissing(boolean choice) {
        return new LogAddress(server, tree, user, password, authorities, choice);
    }

    /** The server's address, which may hold a password. */
    public String server() {
        return server;
    }

    /**
     * The server's address as URIs: one, or several with commas between them.
     *
     * @throws IllegalArgumentException if it is not valid; the message omits it, because it may contain a password
     */
    public List<URI> uris() {
        try {
            return Stream.of(server.split(",", -1)).map(URI::create).toList();
        } catch (IllegalArgumentException e) {
            // The cause would quote the address.
            throw new IllegalArgumentException("the address of the server is no URI: expected a form such as"
                    + " redis://localhost:6379 or http://localhost:2379");
        }
    }

    /**
     * The server's address as one URI.
     *
     * @throws IllegalArgumentException if it is none, or several
     */
    public URI uri() {
        List<URI> all = uris();
        if (all.size() > 1) {
            throw new IllegalArgumentException("expected the address of one server, not of several");
        }
        return all.get(0);
    }

    /** The name of the tree. */
    public String tree() {
        return tree;
    }

    /** The user, if there is one. */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** The user's password, from a new call of the supplier each time; empty if there is no user. */
    public String password() {
        return password.get();
    }

    /** The file of the trusted authorities, if there is one. */
    public Optional<Path> authorities() {
        return Optional.ofNullable(authorities);
    }

    /** Whether a missing tree is created. */
    public boolean createIfMissing() {
        return createIfMissing;
    }

    /**
     * A connection to the log of the tree. It connects at the first request.
     *
     * @throws StoreException if no engine of such an address is on the class path or module path
     * @throws IllegalArgumentException if the address or the name is not of the engine's form
     */
    public SharedLog connect() {
        List<LogEngine> engines = ServiceLoader.load(LogEngine.class, LogAddress.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        for (LogEngine engine : engines) {
            if (engine.accepts(server)) {
                return engine.connect(this);
            }
        }
        throw new StoreException(
                "no engine for the log at " + scheme() + " is on the class path. "
                        + (engines.isEmpty()
                                ? "There is none: add heartwood-postgres, heartwood-etcd or heartwood-redis"
                                : "There are engines for "
                                        + engines.stream().map(LogEngine::form).collect(Collectors.joining(", "))),
                null);
    }

    private String scheme() {
        int colon = server.indexOf(':');
        return '"' + (colon < 0 ? "" : server.substring(0, colon + 1)) + "…\"";
    }

    /**
     * The address without the parts that may be a password: user and password before the host, and the query after a
     * question mark.
     */
    @Override
    public String toString() {
        String shown = server.split("\\?", 2)[0];
        int host = shown.lastIndexOf('@') + 1;
        int start = shown.indexOf("//") + 2;
        return (host > start && start >= 2 ? shown.substring(0, start) + shown.substring(host) : shown) + "#" + tree;
    }
}
