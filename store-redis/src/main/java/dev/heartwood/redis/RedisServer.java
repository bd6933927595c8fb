package dev.heartwood.redis;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.redis.RespConnection.ErrorAnswer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** The server that holds the log of a tree: how to connect, and how the log is made. */
final class RedisServer {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.redis");
    private static final int PORT = 6379;
    private static final int LARGEST_PORT = 65_535;

    private final String host;
    private final int port;
    private final boolean isTls;
    private final @Nullable String userInfo;
    private final String database;
    private final RedisOptions options;
    private final String head;
    /** The log was there: if it is not any more, it was deleted, and is not made anew in silence. */
    private volatile boolean hasLog;

    RedisServer(URI server, RedisOptions options, String head) {
        String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
        String path = server.getPath() == null ? "" : server.getPath();
        boolean isRedis = List.of("redis", "rediss").contains(scheme);
        // The message leaves the address out, which may hold a password.
        if (!isRedis || server.getHost() == null || server.getPort() > LARGEST_PORT || !path.matches("(/\\d{0,9})?")) {
            throw new IllegalArgumentException(
                    "expected an address of the form redis://host:6379/0, or rediss:// for TLS");
        }
        this.host = server.getHost();
        this.port = server.getPort() < 0 ? PORT : server.getPort();
        this.isTls = scheme.equals("rediss");
        this.userInfo = server.getUserInfo();
        this.database = path.length() < 2 ? "0" : path.substring(1);
        this.options = options;
        this.head = head;
    }

    /** A new connection. The first one makes the log where there is none, or refuses, as the options say. */
    RespConnection connect() throws Unavailable, Refused {
        RespConnection connection = open();
        try {
            List<String> credentials = credentials();
            if (!credentials.isEmpty()) {
                connection.call(credentials);
            }
            if (!database.equals("0")) {
                connection.call(List.of("SELECT", database));
            }
            if (!hasLog) {
                if (options.createIfMissing()) {
                    connection.call(List.of(
                            "EVAL",
                            RedisScripts.MAKE,
                            "1",
                            head,
                            UUID.randomUUID().toString()));
                } else if (Long.valueOf(0).equals(connection.call(List.of("EXISTS", head)))) {
                    throw new Refused(
                            "Redis at " + host + ":" + port + ", database " + database + ", has no tree of this name."
                                    + " Nothing was made: check the name",
                            null);
                }
                warnOfLoss(connection);
                hasLog = true;
            }
            return connection;
        } catch (Refused e) {
            connection.close();
            throw e;
        } catch (ErrorAnswer e) {
            connection.close();
            try {
                throw RedisErrors.of(e);
            } catch (InDoubt unsent) {
                throw new Unavailable(String.valueOf(unsent.getMessage()), e);
            }
        } catch (IOException e) {
            connection.close();
            throw new Unavailable(message("has not answered", e), e);
        }
    }

    private RespConnection open() throws Unavailable, Refused {
        SSLContext context = options.tls();
        SSLSocketFactory factory =
                context == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : context.getSocketFactory();
        int timeout = Math.toIntExact(options.requestTimeout().toMillis());
        try {
            return new RespConnection(host, port, timeout, isTls ? factory : null);
        } catch (IOException e) {
            // A handshake may also fail because the server has just ended.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CertificateException) {
                    throw new Refused(message("has a certificate that is not trusted here", e), e);
                }
            }
            throw new Unavailable(message("cannot be reached", e), e);
        }
    }

    private List<String> credentials() {
        List<String> words = new ArrayList<>();
        String password = options.password();
        if (password != null) {
            words.add("AUTH");
            if (!options.user().isEmpty()) {
                words.add(options.user());
            }
            words.add(password);
        } else if (userInfo != null) {
            words.add("AUTH");
            int colon = userInfo.indexOf(':');
            if (colon > 0) {
                words.add(userInfo.substring(0, colon));
            }
            words.add(userInfo.substring(colon + 1));
        }
        return words;
    }

    /** Redis as it is set up by default loses what it acknowledged in a crash. */
    private void warnOfLoss(RespConnection connection) throws IOException {
        List<String> lacking = new ArrayList<>();
        for (List<String> setting : List.of(
                List.of("appendonly", "yes"),
                List.of("appendfsync", "always"),
                List.of("maxmemory-policy", "noeviction"))) {
            try {
                Object answer = connection.call(List.of("CONFIG", "GET", setting.get(0)));
                if (!(answer instanceof List<?> pair)
                        || pair.size() < 2
                        || !setting.get(1).equals(pair.get(1))) {
                    lacking.add(String.join(" ", setting));
                }
            } catch (ErrorAnswer e) {
                LOGGER.log(Level.DEBUG, "Redis does not tell its settings", e);
                return;
            }
        }
        if (!lacking.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    message(
                            "may lose commits that were acknowledged",
                            new IOException("it is not set to " + String.join(", ", lacking))));
        }
    }

    /** The channel of the log's wake-ups. Channels are those of all databases of a server together. */
    String channel() {
        return head + ":" + database;
    }

    /** The key of the log's position. */
    String head() {
        return head;
    }

    RedisOptions options() {
        return options;
    }

    /** A message that names the server. */
    String message(String what, Exception e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return "Redis at " + host + ":" + port + " " + what + ": " + why;
    }
}
