package dev.heartwood.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.ServerAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error of Redis says of its request, by its first words: that it was not applied, or nothing. */
class RespConnectionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERR unknown",
                "ERR Error running script (call to f_0): @user_script:17: Script killed by user with SCRIPT KILL",
                "ERR wrong number of arguments for 'hset' command script: f_0, on @user_script:17.",
                "IOERR error or timeout writing to client",
                "UNBLOCKED client unblocked via CLIENT UNBLOCK",
                "SOMETHING new"
            })
    void anErrorThatDoesNotSayThatTheRequestWasNotAppliedLeavesItInDoubt(String words) throws IOException {
        assertThat(errorOf(words)).isInstanceOf(InDoubt.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "READONLY You can't write against a read only replica. script: f_0, on @user_script:4.",
                "CLUSTERDOWN The cluster is down",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "NOREPLICAS Not enough good replicas to write.",
                "TRYAGAIN Multiple keys request during rehashing of slot"
            })
    void aRequestThatWasTurnedAwayMayBeSentAgain(String words) throws IOException {
        assertThat(errorOf(words)).isInstanceOf(Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OOM command not allowed when used memory > 'maxmemory'.",
                "MOVED 3999 127.0.0.1:6381",
                "ASK 3999 127.0.0.1:6381",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
                "NOPERM this user has no permissions to run the 'eval' command",
                "ERR The user executing the script can't run this command or subcommand script: f_0",
                "NOAUTH Authentication required.",
                "ERR AUTH <password> called without any password configured for the default user.",
                "WRONGPASS invalid username-password pair or user is disabled.",
                "WRONGTYPE Operation against a key holding the wrong kind of value",
                "ERR DB index is out of range",
                "ERR SELECT is not allowed in cluster mode"
            })
    void aRequestThatWouldFailAgainIsRefused(String words) throws IOException {
        assertThat(errorOf(words)).isInstanceOf(Refused.class);
    }

    @Test
    void eachKindOfAnswerIsRead() throws Exception {
        String nested = "*4\r\n$-1\r\n$0\r\n\r\n*2\r\n:7\r\n$3\r\n\u00e4x\r\n+OK\r\n";

        assertThat(answerOf(nested)).isEqualTo(Arrays.asList(null, "", List.of(7L, "\u00e4x"), "OK"));
        assertThat(answerOf("*-1\r\n")).isNull();
        assertThat(answerOf("*0\r\n")).isEqualTo(List.of());
    }

    /** Else a part of a commit would be taken for all of it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "$7\r\nhalf", "$4\r\nhalf", "*2\r\n:1\r\n", ":1", "?\r\n"})
    void anAnswerThatEndsWithTheConnectionIsNone(String answer) {
        assertThatThrownBy(() -> answerOf(answer)).isInstanceOf(IOException.class);
    }

    /** A part without a name would stay for ever. */
    @Test
    void aPartAndItsNameAreWrittenInOneStep() throws Exception {
        Answering server = new Answering(":1\r\n:1\r\n");
        RedisConnection connection = new RedisConnection(
                server, EngineSettings.DEFAULT, new ServerAddress("redis", "localhost", 6379, "", null), "{tree}");

        connection.put("name", "part");

        assertThat(server.asked.toString(UTF_8)).containsOnlyOnce("EVAL").contains("ZADD", "HSET");
    }

    private static @Nullable Object answerOf(String answer) throws Exception {
        return new RespConnection(new Answering(answer)).call(List.of("EVAL"));
    }

    private static Throwable errorOf(String words) throws IOException {
        RespConnection connection = new RespConnection(new Answering("-" + words + "\r\n"));
        return catchThrowable(() -> connection.call(List.of("EVAL")));
    }

    /** A socket to a server that has one answer for everything. */
    private static final class Answering extends Socket {
        private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
        private final String answer;

        Answering(String answer) {
            this.answer = answer;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(answer.getBytes(UTF_8));
        }

        @Override
        public OutputStream getOutputStream() {
            return asked;
        }
    }
}
