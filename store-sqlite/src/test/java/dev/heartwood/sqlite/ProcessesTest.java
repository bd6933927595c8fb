package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.testkit.RecentCommits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several real processes on one file. {@code -Dheartwood.long=true} runs the long variants.
 */
class ProcessesTest {
    private static final boolean LONG = Boolean.getBoolean("heartwood.long");

    @TempDir
    Path directory;

    @Test
    void nothingIsLostBetweenProcesses() throws Exception {
        Path file = directory.resolve("shared.db");
        int each = LONG ? 2_000 : 100;
        try (Store store = SqliteStore.open(file)) {
            store.put("count", 0);
            store.put("list", List.of());
            store.put("accounts", Map.of("a", 1_000, "b", 0));
            try (RecentCommits commits = RecentCommits.of(store);
                    Neighbour one = Neighbour.start(file, "increment", "one", each);
                    Neighbour two = Neighbour.start(file, "increment", "two", each)) {
                for (int i = 0; i < each; i++) {
                    store.increment("count");
                    Map<String, Object> accounts = store.getMap("accounts");
                    assertThat((Long) accounts.get("a") + (Long) accounts.get("b"))
                            .as(commits::toString)
                            .isEqualTo(1_000);
                }
                assertThat(one.end()).isZero();
                assertThat(two.end()).isZero();
                assertThat(store.get("count")).as(commits::toString).isEqualTo(3L * each);
                assertThat(store.get(KeyPath.of("accounts", "b")))
                        .as(commits::toString)
                        .isEqualTo(2L * each);
                assertThat(store.getList("list").stream().filter("one"::equals))
                        .as(commits::toString)
                        .hasSize(each);
                assertThat(store.getList("list")).as(commits::toString).hasSize(2 * each);
            }
        }
    }

    @Test
    void processesAwaitEachOther() throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file);
                Neighbour neighbour = Neighbour.start(file, "answer")) {
            assertThat(neighbour.line()).isEqualTo("waiting");
            store.put("question", 42);
            assertThat(store.await(view -> view.contains("answer"), Duration.ofMinutes(1))
                            .get("answer"))
                    .isEqualTo(42L);
        }
    }

    /** Beside every second round backups are made; they, too, are of one state, and lack nothing. */
    @Test
    void killedNeighbourLosesNothingAcknowledgedAndLeavesNothingHalf() throws Exception {
        Path file = directory.resolve("shared.db");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int rounds = LONG ? 300 : 6;
        long all = 0;
        try (Store store = SqliteStore.open(file);
                RecentCommits commits = RecentCommits.of(store)) {
            for (int round = 0; round < rounds; round++) {
                String what = "seed " + seed + ", round " + round;
                Supplier<String> why = () -> what + "; " + commits;
                long before = round == 0 ? 0 : store.get("one", Long.class);
                long acknowledged = 0;
                Path backup = directory.resolve("backup.db");
                try (Neighbour neighbour = Neighbour.start(file, "commit for ever");
                        Neighbour copying = round % 2 == 0 ? null : Neighbour.start(file, "back up for ever", backup)) {
                    acknowledged = Long.parseLong(neighbour.line());
                    if (copying != null) {
                        assertThat(copying.line()).isEqualTo("backed up");
                    }
                    for (int i = random.nextInt(30); i > 0; i--) {
                        acknowledged = Long.parseLong(neighbour.line());
                    }
                    store.merge("mine", Long.class, 1L, Long::sum);
                    neighbour.kill();
                    for (String line = neighbour.line(); line != null; line = neighbour.line()) {
                        acknowledged = Long.parseLong(line);
                    }
                    if (copying != null) {
                        copying.kill();
                        Files.deleteIfExists(backup);
                        SqliteStore.backup(file, backup);
                        assertSameState(store, backup, what);
                    }
                }
                long one = store.get("one", Long.class);
                assertThat(store.get("two")).as(why).isEqualTo(one);
                // The last commit may be there without its acknowledgement.
                assertThat(one).as(why).isBetween(acknowledged, acknowledged + 1);
                assertThat(store.get("mine")).as(why).isEqualTo(round + 1L);
                all += acknowledged - before;
            }
        }
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.get("two")).isEqualTo(store.get("one"));
        }
        System.out.println("kill: " + rounds + " times, " + all + " commits acknowledged, none lost");
    }

    private static void assertSameState(Store store, Path backup, String what) {
        try (Store copy = SqliteStore.options().readOnly().open(backup)) {
            assertThat(copy.toMap()).as(what).isEqualTo(store.toMap());
        }
    }

    @Test
    void neighbourKilledWithinATransactionFreesTheFile() throws Exception {
        Path file = directory.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("n", 1);
            for (int round = 0; round < (LONG ? 50 : 2); round++) {
                try (Neighbour neighbour = Neighbour.start(file, "write half and wait")) {
                    assertThat(neighbour.line()).isEqualTo("half");
                    assertThat(store.get("n")).isEqualTo(round + 1L);
                    neighbour.kill();
                }
                store.increment("n");
                assertThat(store.keys()).containsExactly("n");
                assertThat(store.version()).isEqualTo(round + 2L);
            }
        }
    }

    @Test
    void commitWhoseSyncFailsIsNeverAcknowledged() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/strace")))
                .as("strace, which makes a sync fail, is not installed")
                .isTrue();
        Path file = directory.resolve("shared.db");
        List<String> failing = List.of(
                "/usr/bin/strace",
                "-f",
                "-qq",
                "-o",
                directory.resolve("trace").toString(),
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:error=EIO:when=20+");
        long acknowledged = 0;
        try (Neighbour neighbour = Neighbour.start(failing, file, "commit until it fails")) {
            String line = neighbour.line();
            assumeThat(line).as("strace cannot trace here").isNotNull();
            for (; line != null && line.startsWith("acknowledged "); line = neighbour.line()) {
                acknowledged = Long.parseLong(line.substring(13));
            }
            assertThat(line).startsWith("IndeterminateCommitException").contains("shared.db");
            assertThat(neighbour.line()).isEqualTo("visible " + acknowledged);
            assertThat(neighbour.line()).startsWith("StoreIOException").contains("takes no more commits");
        }
        assertThat(acknowledged).isPositive();
        try (Store store = SqliteStore.open(file)) {
            assertThat(store.get("n", Long.class)).isBetween(acknowledged, acknowledged + 1);
        }
    }
}
