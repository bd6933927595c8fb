package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.UUID;

/** Makes connections to the log on a server, and tells what their errors mean. Thread-safe. */
final class Connector {
    private final String name;
    private final LogServer server;
    private final EngineSettings settings;
    /** The log was there: if it is not any more, it was deleted, and is not made anew in silence. */
    private volatile boolean hasLog;

    /** Connects to a server, which has a name in messages. */
    Connector(String name, LogServer server, EngineSettings settings) {
        this.name = name;
        this.server = server;
        this.settings = settings;
    }

    /** A new connection. The first one makes the log where there is none, or refuses, as the settings say. */
    LogConnection connect() throws Unavailable, Refused {
        LogConnection connection;
        try {
            connection = server.connect();
        } catch (Exception e) {
            throw unsent(error(name, e, false, false), e);
        }
        try {
            connection.begin(!hasLog);
            requireLog(connection);
            return connection;
        } catch (Exception e) {
            close(connection);
            throw unsent(error(connection.toString(), e, true, false), e);
        }
    }

    private void requireLog(LogConnection connection) throws Exception {
        if (hasLog) {
            return;
        } else if (settings.createIfMissing()) {
            // Repeated, it changes nothing.
            connection.create(UUID.randomUUID().toString());
        } else if (connection.read(EngineLog.PAST_THE_END) == null) {
            throw new Refused(name + " has no tree of this name. Nothing was made: check the name", null);
        }
        hasLog = true;
    }

    /** While it connected nothing was sent that may not be sent again. */
    private static Unavailable unsent(LogException error, Exception e) throws Refused {
        if (error instanceof Refused refused) {
            throw refused;
        }
        return error instanceof Unavailable known ? known : new Unavailable(String.valueOf(error.getMessage()), e);
    }

    /** The meaning of an exception of a request. */
    LogException error(LogConnection connection, Exception e) {
        return error(connection.toString(), e, true, true);
    }

    private LogException error(String where, Exception e, boolean isConnected, boolean isSent) {
        if (e instanceof LogException known) {
            return known;
        }
        boolean isUnreachable = !isConnected;
        CertificateException ofCertificate = null;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // The innermost one says why.
            ofCertificate = cause instanceof CertificateException known ? known : ofCertificate;
            // A connection that could not be made carried no request.
            isUnreachable |= cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException;
        }
        if (ofCertificate != null) {
            boolean isExpired = ofCertificate instanceof CertificateExpiredException;
            String fault = isExpired
                    ? " has a certificate that has expired: "
                    : " has a certificate that is not trusted here: ";
            return new Refused(where + fault + inWords(ofCertificate), e);
        }
        LogException known = server.errorOf(e, isSent);
        if (known != null) {
            return known;
        }
        return isUnreachable
                ? new Unavailable(where + " cannot be reached: " + inWords(e), e)
                : new InDoubt(where + " has not answered: " + inWords(e), e);
    }

    /** Closes a connection, from any thread. */
    static void close(LogConnection connection) {
        try {
            connection.close();
        } catch (Exception e) {
            // Broken, and so of no more use either way.
            System.getLogger("dev.heartwood.log").log(System.Logger.Level.DEBUG, "while closing", e);
        }
    }

    private static String inWords(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** There is no log where one was. */
    Refused deleted() {
        return new Refused("the log was deleted from " + name + ": restore it from a backup", null);
    }
}
