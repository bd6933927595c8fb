package dev.heartwood.log.engine;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an address such as {@code redis://user:password@host:6379/0}.
 *
 * @param scheme the scheme, in lower case
 * @param host the host
 * @param port the port
 * @param path what follows the port, without the slash; empty where nothing does
 * @param userInfo the user and the password, as {@link EngineSettings#userOf} takes them; null if there are none
 */
public record ServerAddress(
        String scheme,
        String host,
        int port,
        String path,
        @Nullable String userInfo) {
    private static final int LARGEST_PORT = 65_535;

    /**
     * Reads an address as {@link #of(URI, String, int, String, String...)}. If the settings have a context of TLS, the address must have the
     * scheme with TLS: otherwise the context would be ignored, and secrets would be sent in the clear.
     *
     * @param settings the settings, which may have a context of TLS
     * @param form the form of the addresses, for messages
     * @param port the port where the address names none
     * @param paths the regular expression of the paths, without the slash, that it may have
     * @param schemes the schemes that it may have; the last one is that with TLS
     * @throws IllegalArgumentException as there, or if TLS is asked for, and the scheme is one without
     */
    public static ServerAddress of(
            URI address, EngineSettings settings, String form, int port, String paths, String... schemes) {
        ServerAddress parsed = of(address, form, port, paths, schemes);
        String secure = schemes[schemes.length - 1];
        if (settings.tls() != null && !parsed.scheme.equals(secure)) {
            throw new IllegalArgumentException(
                    "TLS is asked for, and the address begins with " + parsed.scheme + ": expected " + secure + "://");
        }
        return parsed;
    }

    /**
     * Reads an address.
     *
     * @param form the form of the addresses, for messages
     * @param port the port where the address names none
     * @param paths the regular expression of the paths, without the slash, that it may have
     * @param schemes the schemes that it may have
     * @throws IllegalArgumentException if it has another, or no host, or a query or a fragment; the message leaves out what may be a
     *     password
     */
    public static ServerAddress of(URI address, String form, int port, String paths, String... schemes) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        boolean isKnown = List.of(schemes).contains(scheme) && address.getPort() <= LARGEST_PORT;
        boolean hasMore = address.getQuery() != null || address.getFragment() != null;
        if (!isKnown
                || hasMore
                || address.getHost() == null
                || !address.getPath().matches("(/(" + paths + "))?")) {
            throw refused(address, form);
        }
        return new ServerAddress(
                scheme,
                address.getHost(),
                address.getPort() < 0 ? port : address.getPort(),
                address.getPath().isEmpty() ? "" : address.getPath().substring(1),
                address.getUserInfo());
    }

    /** Where the address has no host, its parts are not told apart, so any of it may be a password. */
    private static IllegalArgumentException refused(URI address, String form) {
        String host = address.getHost();
        String found = host == null
                ? ""
                : ", not " + address.getScheme() + "://" + host + (address.getPort() < 0 ? "" : ":" + address.getPort())
                        + address.getPath();
        return new IllegalArgumentException("expected an address of the form " + form + found);
    }

    /**
     * For engines whose addresses name no user.
     *
     * @param form the form of the addresses, for messages
     * @throws IllegalArgumentException if this one does; the message leaves the address out, which may hold a password
     */
    public void requireNoUser(String form) {
        if (userInfo != null) {
            throw new IllegalArgumentException("expected an address of the form " + form);
        }
    }

    /** The host and the port, for messages. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
