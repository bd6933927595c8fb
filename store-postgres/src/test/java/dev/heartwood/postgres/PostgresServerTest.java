package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.engine.EngineSettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
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

    /** A user may need no password, as one with a certificate: else the user of the operating system would connect. */
    @Test
    void aUserWithoutAPasswordConnectsAsThatUser() throws Exception {
        assertThat(greeting(EngineSettings.DEFAULT.user("ann", () -> null))).contains("user\0ann\0");
        assertThat(greeting(EngineSettings.DEFAULT)).contains("user\0" + System.getProperty("user.name") + "\0");
    }

    /** The first message of a connection with these settings. */
    private static String greeting(EngineSettings settings) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> greeting = CompletableFuture.supplyAsync(() -> firstMessage(listening));
            String url = "jdbc:postgresql://127.0.0.1:" + listening.getLocalPort() + "/db?sslmode=disable";
            assertThatThrownBy(() -> new PostgresServer(url, "tree", settings).connect())
                    .isInstanceOf(SQLException.class);
            return greeting.get();
        }
    }

    private static String firstMessage(ServerSocket listening) {
        try (Socket socket = listening.accept();
                DataInputStream in = new DataInputStream(socket.getInputStream())) {
            return new String(in.readNBytes(in.readInt() - Integer.BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable LogException sent(@Nullable String state) {
        return server.errorOf(new SQLException("words", state), true);
    }
}
