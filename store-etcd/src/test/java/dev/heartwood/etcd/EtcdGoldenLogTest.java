package dev.heartwood.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.log.engine.EngineSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The keys in which an earlier revision kept a log are read today. Each line of {@code golden/log.txt} is one of them, a
 * tab, and its value: a checkpoint, entries before and after it, and a part that a killed process left.
 */
@Timeout(120)
class EtcdGoldenLogTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "log.txt");
    private static final String TREE = "golden log/\u00e9";

    @Test
    void aLogThatAnEarlierRevisionWroteOpensWithAllThatWasCommitted() throws Exception {
        URI endpoint = EtcdEngine.endpoint(EtcdEngine.sharedServer());
        EtcdMember etcd = new EtcdMember(HttpClient.newHttpClient(), endpoint, EngineSettings.DEFAULT);
        for (String line : Files.readAllLines(GOLDEN, StandardCharsets.UTF_8)) {
            String[] pair = line.split("\t", 2);
            Object ignored = etcd.post("/v3/kv/put", Map.of("key", base64(pair[0]), "value", base64(pair[1])));
        }
        try (Store store = EtcdStore.open(endpoint, TREE)) {
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
        try (Store store = EtcdStore.open(endpoint, TREE)) {
            assertThat(store.get("counter")).isEqualTo(2L);
            assertThat(store.version()).isEqualTo(7);
        }
    }

    private static String base64(String line) {
        return Base64.getEncoder().encodeToString(line.translateEscapes().getBytes(StandardCharsets.UTF_8));
    }
}
