package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.engine.EngineSettings;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error of PostgreSQL says of its statement, by its SQLSTATE: that it was not applied, or nothing. */
class PostgresServerTest {
    private final PostgresServer server =
            new PostgresServer("jdbc:postgresql://localhost/db", "tree", EngineSettings.DEFAULT);

    /** The connection has ended, the server was stopped or has crashed, or the state is unknown by its definition. */
    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "", "08000", "08001", "08003", "08004", "08006", "08007", "08P01", "40003", "57P01", "57P02", "57P04",
                "57P05", "58000", "58030", "XX000", "XX001", "99999"
            })
    void anErrorThatDoesNotSayThatTheStatementWasRolledBackLeavesItInDoubt(@Nullable String state) {
        assertThat(sent(state)).isInstanceOf(InDoubt.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"40001", "40P01", "53000", "53200", "53300", "55000", "55P03", "57014", "57P03", "25006", "26000"
            })
    void aStatementThatWasRolledBackMayBeSentAgain(String state) {
        assertThat(sent(state)).isInstanceOf(Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0A000", "22021", "23505", "25001", "28P01", "3D000", "3F000", "42501", "42P01", "53100", "54000"
            })
    void aStatementThatWouldFailAgainIsRefused(String state) {
        assertThat(sent(state)).isInstanceOf(Refused.class);
    }

    @Test
    void anErrorBeforeTheStatementWasSentLeavesNothingInDoubtThatTheServerTellsByItsState() {
        assertThat(server.errorOf(new SQLException("words", "40003"), false)).isInstanceOf(Unavailable.class);
        assertThat(server.errorOf(new SQLException("words", "08004"), false)).isInstanceOf(Refused.class);
    }

    private @Nullable LogException sent(@Nullable String state) {
        return server.errorOf(new SQLException("words", state), true);
    }
}
