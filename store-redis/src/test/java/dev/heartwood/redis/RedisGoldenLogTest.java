package dev.heartwood.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.log.testkit.ServerProcess;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The keys in which an earlier revision kept a log are read today. Each line of {@code golden/log.txt} is a command that stores
 * some of them, its words between tabs: a checkpoint, entries before and after it, and a part that a killed process left.
 */
@Timeout(120)
class RedisGoldenLogTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "log.txt");
    private static final String TREE = "golden log/\u00e9";

    @Test
    void aLogThatAnEarlierRevisionWroteOpensWithAllThatWasCommitted() throws Exception {
        ServerProcess server = RedisEngine.sharedServer();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            RespConnection redis = new RespConnection(socket);
            for (String line : Files.readAllLines(GOLDEN, StandardCharsets.UTF_8)) {
                assertThat(redis.call(words(line))).isEqualTo(1L);
            }
        }
        try (Store store = RedisStore.open(RedisEngine.address(server), TREE)) {
            assertThat(store.version()).isEqualTo(6);
            assertThat(store.snapshot().origin().author()).isEqualTo("planner");
            assertThat(store.snapshot().origin().label()).isEqualTo("pay rent");
            assertThat(store.keys()).containsExactlyInAnyOrder("counter", "numbers", "text", "user");
            assertThat(store.getList("numbers"))
                    .containsExactly(1L, 0.1, new BigDecimal("1.00000000000000000001"), true, null);
            assertThat(store.get("text")).isEqualTo("line\nfeed \"quoted\" back\\slash\ttab 'single' $1 %");
            assertThat(store.getList(KeyPath.of("user", "tags")))
                    .containsExactly("admin", "\u00e9crit \u00a0 \ud83d\ude00");
            store.increment("counter");
        }
        try (Store store = RedisStore.open(RedisEngine.address(server), TREE)) {
            assertThat(store.get("counter")).isEqualTo(2L);
            assertThat(store.version()).isEqualTo(7);
        }
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split("\t", -1)).map(String::translateEscapes).toList();
    }
}
