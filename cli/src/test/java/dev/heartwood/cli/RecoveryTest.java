package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.Decimals;
import dev.heartwood.sqlite.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recovery by an operator: a store is refused, and the commands that the refusal names bring it back. */
class RecoveryTest {
    @TempDir
    Path directory;

    private Tool tool;
    private Path file;

    @BeforeEach
    void tool() {
        tool = new Tool(directory);
        file = directory.resolve("state.json");
    }

    @Test
    void damagedFileIsCheckedAndRepaired() throws Exception {
        try (Store store = JsonFile.open(file)) {
            store.put("n", 1);
            store.put("n", 2);
        }
        Files.writeString(file, "{\"n\": 2, oops");
        byte[] damaged = Files.readAllBytes(file);
        assertThat(tool.run("check", "state.json").ended(ExitCode.NO))
                .contains("wrong: ")
                .contains("cannot be read");
        assertThat(tool.run("repair", "state.json").told(ExitCode.USAGE)).contains("--yes");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);

        assertThat(tool.run("repair", "state.json", "--yes").ended(ExitCode.OK)).contains("can be opened again");
        assertThat(directory.resolve("state.json.corrupt-1")).hasBinaryContent(damaged);
        assertThat(tool.run("check", "state.json").ended(ExitCode.OK)).contains("all is well");
        assertThat(tool.run("repair", "state.json", "--yes").told(ExitCode.OK)).contains("nothing was done");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts the opening of a pipe
    void aPipeIsNoStoreAndNobodyWaitsForIt() throws Exception {
        Process made = new ProcessBuilder("mkfifo", file.toString()).start();
        assumeTrue(made.waitFor() == 0);
        for (String command : new String[] {"check", "show", "repair"}) {
            assertThat(tool.run(command, "state.json").told(ExitCode.REFUSED)).contains("is no regular file");
        }
    }

    @Test
    void generationsThatTheProgramKeepsStay() throws Exception {
        for (int i = 0; i < 8; i++) {
            try (Store store = JsonFile.options().generations(100).open(file)) {
                store.put("n", i);
            }
        }
        List<Path> kept = generations();
        assertThat(kept).hasSizeGreaterThanOrEqualTo(8);

        tool.run("set", "state.json", "/n", "100").ended(ExitCode.OK);

        // The newest one may have another number by then.
        assertThat(generations())
                .hasSizeGreaterThanOrEqualTo(kept.size())
                .containsAll(kept.subList(0, kept.size() - 1));
    }

    private List<Path> generations() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("state.json.d"))) {
            return files.filter(path -> path.getFileName().toString().startsWith("generation-"))
                    .sorted(Comparator.comparingInt(
                                    (Path path) -> path.toString().length())
                            .thenComparing(Path::toString))
                    .toList();
        }
    }

    @Test
    void damagedFileIsRestoredAndTheDamageIsKept() throws Exception {
        try (Store store = JsonFile.open(file)) {
            store.put("n", 1);
        }
        tool.run("backup", "state.json", "backup.json").ended(ExitCode.OK);
        Files.writeString(file, "");
        tool.run("restore", "backup.json", "state.json", "--yes").ended(ExitCode.OK);
        assertThat(Files.readString(file)).isEqualTo(Files.readString(directory.resolve("backup.json")));
        assertThat(directory.resolve("state.json.corrupt-1")).exists();
    }

    @Test
    void theNumbersOfARestoredBackupKeepTheirDigits() throws Exception {
        try (Store store = JsonFile.open(file)) {
            store.put("n", 1);
        }
        Files.writeString(directory.resolve("backup.json"), "{\"large\": 1E+2, \"price\": 1.10}");
        tool.run("restore", "backup.json", "state.json", "--yes").ended(ExitCode.OK);
        assertThat(Files.readString(file)).contains("\"large\": 1E+2", "\"price\": 1.10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"take-file", "take-journal"})
    void editBesideCommitsInTheJournalIsDecidedByTheOperator(String command) throws Exception {
        journalWithCommits();
        Files.writeString(file, "{\"n\": \"by hand\", \"price\": 1.10}");
        assertThat(tool.run("check", "state.json").ended(ExitCode.NO)).contains("was edited while it was not open");
        assertThat(tool.run("set", "state.json", "/m", "1").told(ExitCode.REFUSED))
                .contains("was edited")
                .contains("heartwood take-file " + file)
                .contains("heartwood take-journal " + file);

        tool.run(command, "state.json", "--yes").ended(ExitCode.OK);
        assertThat(tool.run("get", "state.json", "/n").ended(ExitCode.OK))
                .isEqualTo(command.equals("take-file") ? "\"by hand\"\n" : "2\n");
        assertThat(Files.readString(file)).contains("\"price\": 1.10");
        assertThat(directory.resolve(command.equals("take-file") ? "state.json.committed-1" : "state.json.external-1"))
                .exists();
    }

    /** A process is killed with commits in the journal; a copy of its files stands for the files that it leaves. */
    private void journalWithCommits() throws Exception {
        Path other = directory.resolve("other.json");
        try (Store store =
                JsonFile.options().journalAbove(0).decimals(Decimals.EXACT).open(other)) {
            store.put("price", new BigDecimal("1.10"));
            store.put("n", 2);
            Files.copy(other, file);
            Path copy = Files.createDirectory(directory.resolve("state.json.d"));
            try (var files = Files.list(directory.resolve("other.json.d"))) {
                for (Path part : files.toList()) {
                    if (!part.getFileName().toString().equals("lock")) {
                        Files.copy(part, copy.resolve(part.getFileName()));
                    }
                }
            }
        }
    }

    @Test
    void damagedDatabaseIsFoundAndSaysHowToGoOn() throws Exception {
        Path database = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(database)) {
            for (int i = 0; i < 300; i++) {
                store.put("key" + i, "x".repeat(100));
            }
        }
        byte[] bytes = Files.readAllBytes(database);
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x5a);
        Files.write(database, bytes);
        assertThat(tool.run("check", "shared.db").ended(ExitCode.NO)).contains("wrong: ");
        assertThat(Files.readAllBytes(database)).isEqualTo(bytes);
        assertThat(tool.run("repair", "shared.db", "--yes").told(ExitCode.USAGE))
                .contains("heartwood restore");
    }

    @Test
    void foreignRowIsFoundByItsKey() throws Exception {
        Path database = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(database)) {
            store.put("good", 1);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO kv VALUES ('bad', '{', 1, 0)");
        }
        assertThat(tool.run("check", "shared.db").ended(ExitCode.NO)).contains("the key bad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"convert", "restore json", "restore sqlite"})
    void toolThatIsKilledLeavesTheOldStateOrTheNewOne(String command) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String extension = command.endsWith("sqlite") ? ".db" : ".json";
        Path backup = directory.resolve("backup" + extension);
        try (Store store = open(backup)) {
            store.put("large", List.of("x".repeat(2_000_000), "new"));
        }
        for (int round = 0; round < 5; round++) {
            Path target = directory.resolve("target" + (command.equals("convert") ? ".db" : extension));
            if (!command.equals("convert")) {
                try (Store store = open(target)) {
                    store.batch(tx -> {
                        tx.clear();
                        tx.put("old", 1);
                    });
                }
            }
            Process process = command.equals("convert")
                    ? tool.start("convert", backup.toString(), target.toString())
                    : tool.start("restore", "--yes", backup.toString(), target.toString());
            process.waitFor(300 + random.nextInt(900), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            String what = command + ", seed " + seed + ", round " + round;
            if (command.equals("convert")) {
                if (Files.exists(target)) {
                    assertThat(tool.run("get", target.toString(), "/large/1").ended(ExitCode.OK))
                            .as(what)
                            .isEqualTo("\"new\"\n");
                    Files.delete(target);
                }
            } else {
                try (Store store = open(target)) {
                    assertThat(store.keys()).as(what).hasSize(1).isSubsetOf("old", "large");
                }
            }
            assertThat(tool.run("check", backup.toString()).ended(ExitCode.OK))
                    .as(what)
                    .contains("all is well");
        }
    }

    @Test
    void repairThatIsKilledIsRepeatedAndLosesNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5; round++) {
            Path home = Files.createDirectory(directory.resolve("round-" + round));
            Path target = home.resolve("state.json");
            try (Store store = open(target)) {
                store.put("large", List.of("x".repeat(2_000_000), "kept"));
            }
            byte[] damaged = Arrays.copyOf(Files.readAllBytes(target), 1_500_000);
            Files.write(target, damaged);
            Process process = tool.start("repair", "--yes", target.toString());
            process.waitFor(300 + random.nextInt(900), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            String what = "seed " + seed + ", round " + round;
            tool.run("repair", "--yes", target.toString()).ended(ExitCode.OK);
            assertThat(tool.run("get", target.toString(), "/large/1").ended(ExitCode.OK))
                    .as(what)
                    .isEqualTo("\"kept\"\n");
            try (var files = Files.list(home)) {
                assertThat(files.filter(path -> path.getFileName().toString().contains(".corrupt-"))
                                .anyMatch(path -> holds(path, damaged)))
                        .as(what)
                        .isTrue();
            }
        }
    }

    private static boolean holds(Path path, byte[] bytes) {
        try {
            return Arrays.equals(Files.readAllBytes(path), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Store open(Path path) {
        return path.toString().endsWith(".json") ? JsonFile.open(path) : SqliteStore.open(path);
    }
}
