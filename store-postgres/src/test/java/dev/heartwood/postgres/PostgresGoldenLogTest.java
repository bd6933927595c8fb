package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The tables in which an earlier revision kept a log are read today. {@code golden/tables.sql} makes them as that revision
 * did. Each line of {@code golden/log.txt} is a row, its table and its columns between tabs: a checkpoint, entries before and after it, and a part that a killed process left.
 */
@Timeout(120)
class PostgresGoldenLogTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "log.txt");
    private static final String TREE = "golden log/\u00e9";

    @Test
    void aLogThatAnEarlierRevisionWroteOpensWithAllThatWasCommitted() throws Exception {
        String server = PostgresEngine.url(PostgresEngine.shared().port());
        PostgresEngine.sql(server, "CREATE DATABASE golden");
        String url = server.replace("/postgres?", "/golden?");
        PostgresEngine.sql(url, Files.readString(GOLDEN.resolveSibling("tables.sql")));
        for (String line : Files.readAllLines(GOLDEN, StandardCharsets.UTF_8)) {
            PostgresEngine.sql(url, insertion(line.split("\t", -1)));
        }
        try (Store store = PostgresStore.open(url, TREE)) {
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
        try (Store store = PostgresStore.open(url, TREE)) {
            assertThat(store.get("counter")).isEqualTo(2L);
            assertThat(store.version()).isEqualTo(7);
        }
    }

    private static String insertion(String... row) {
        return Arrays.stream(row)
                .skip(1)
                .map(text -> text.equals("NULL")
                        ? text
                        : "'" + text.translateEscapes().replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "INSERT INTO " + row[0] + " VALUES (", ")"));
    }
}
