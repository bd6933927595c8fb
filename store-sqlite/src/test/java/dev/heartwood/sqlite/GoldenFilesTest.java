package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Databases that earlier revisions wrote are opened, with all that was committed. The folder {@code golden/REVISION} holds
 * what a process of that revision left: closed; killed with its commits in the write-ahead log.
 */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"8b488e7/closed", "8b488e7/log"})
    void aDatabaseOfAnEarlierRevisionOpensWithAllThatWasCommitted(String golden) throws IOException {
        String expected = Files.readString(GOLDEN.resolve(golden).resolveSibling("expected.json"));
        Path database = copy(golden);

        try (Store store = SqliteStore.open(database)) {
            assertThat(Json.pretty(store)).isEqualTo(expected);
            store.increment("counter");
        }
        try (Store store = SqliteStore.open(database)) {
            assertThat(store.get("counter")).isEqualTo(21L);
            store.decrement("counter");
            assertThat(Json.pretty(store)).isEqualTo(expected);
        }
    }

    /** The commits of a process of the first revision are the statements that it makes them with. */
    @ParameterizedTest
    @ValueSource(strings = {"8b488e7/closed", "8b488e7/log"})
    void aProcessOfTheFirstRevisionBesideThisOneLosesNothingAndMissesNothing(String golden) throws Exception {
        Path database = copy(golden);
        try (Store store = SqliteStore.open(database)) {
            for (long i = 1; i <= 5; i++) {
                store.increment("counter");
                Sql.run(
                        database,
                        "BEGIN IMMEDIATE",
                        "INSERT INTO kv (k, json, ver, deleted) SELECT 'counter', CAST(kv.json AS INTEGER) + 1, meta.ver + 1, 0"
                                + " FROM kv, meta WHERE kv.k = 'counter' AND meta.id = 1"
                                + " ON CONFLICT (k) DO UPDATE SET json = excluded.json, ver = excluded.ver, deleted = 0",
                        "UPDATE kv SET json = NULL, ver = (SELECT ver + 1 FROM meta), deleted = 1 WHERE k = 'user' AND deleted = 0",
                        "UPDATE meta SET ver = ver + 1 WHERE id = 1",
                        "COMMIT");
                assertThat(store.get("counter")).isEqualTo(20 + 2 * i);
                assertThat(store.contains("user")).isFalse();
                store.put("user", i);
            }
        }
        assertThat(Sql.ask(database, "SELECT json FROM kv WHERE k = 'counter'")).isEqualTo("30");
        assertThat(Sql.ask(database, "SELECT json FROM kv WHERE k = 'user'")).isEqualTo("5");
        // What that revision asks for at each opening.
        assertThat(Sql.ask(database, "PRAGMA user_version")).isEqualTo("1");
    }

    private Path copy(String golden) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(GOLDEN.resolve(golden))) {
            for (Path file : files) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        return directory.resolve("shared.db");
    }
}
