package dev.heartwood.postgres;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import java.security.cert.CertificateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * An error of the database says, by its SQLSTATE, what became of the request (PostgreSQL's manual, appendix A). A statement
 * that ends with an error of its own was rolled back. One whose connection or server ended may have been committed.
 */
final class PostgresErrors {
    /** Rolled back, and may succeed later: serialization, deadlock, memory, connections, cancelled, starting, read-only. */
    private static final Set<String> LATER = Set.of("40", "53", "55", "57014", "57P03", "25006", "26");
    /** Rolled back, and trying again is useless until somebody acts: the disk is full, a right or a table is not there. */
    private static final Set<String> NEVER = Set.of(
            "53100", "0A", "21", "22", "23", "25", "28", "2F", "34", "3D", "3F", "42", "44", "54", "08004", "08P01");

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    /** It is not known whether the statement was completed, by definition. */
    private static final String COMPLETION_UNKNOWN = "40003";

    private PostgresErrors() {}

    /** The failure of a request that was sent: in doubt unless the error says that it was rolled back. */
    static InDoubt inDoubtUnlessKnown(SQLException e) throws Unavailable, Refused {
        String state = state(e);
        if (!state.equals(COMPLETION_UNKNOWN) && !state.startsWith("08")) {
            raiseKnown(e, state);
        }
        return new InDoubt(message(e), e);
    }

    /** The failure of a connection: the request was not sent. */
    static Unavailable beforeRequest(SQLException e) throws Unavailable, Refused {
        raiseKnown(e, state(e));
        if (isOfCertificate(e)) {
            throw refused(e);
        }
        return new Unavailable(message(e), e);
    }

    /** A state of its own goes before its class, which its first two characters are. */
    private static void raiseKnown(SQLException e, String state) throws Unavailable, Refused {
        for (String name : List.of(state, state.substring(0, Math.min(2, state.length())))) {
            if (NEVER.contains(name)) {
                throw refused(e);
            } else if (LATER.contains(name)) {
                throw new Unavailable(message(e), e);
            }
        }
    }

    private static Refused refused(SQLException e) {
        String advice = state(e).equals(INSUFFICIENT_PRIVILEGE)
                ? ". Grant the user SELECT, INSERT, UPDATE and DELETE on heartwood_log, heartwood_entry and"
                        + " heartwood_part, or, where they are not there, CREATE on their schema"
                : "";
        return new Refused(message(e) + advice, e);
    }

    /** Whether the server's certificate is the reason; a handshake may also fail because the server has just ended. */
    private static boolean isOfCertificate(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return String.valueOf(e.getMessage()).contains("could not be verified");
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    /** The server's words without the details, which may quote what is in the tree. */
    private static String message(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException known ? known.getServerErrorMessage() : null;
        String words = server == null ? e.getMessage() : server.getMessage();
        return "PostgreSQL: " + words + (state(e).isEmpty() ? "" : " (SQLSTATE " + state(e) + ")");
    }

    /** Closes a connection without a word to the server, from any thread. */
    static void abort(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // The socket could not be closed in order; nothing is sent on it any more.
                System.getLogger("dev.heartwood.postgres").log(System.Logger.Level.DEBUG, "while closing", e);
            }
        }
    }
}
