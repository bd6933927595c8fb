package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.testsupport.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of the real kernel: errors that strace plants, a full disk, mounts, a file system that is shut down. */
@Timeout(300)
class KernelFaultsTest {
    private static final int SMALL = 1 << 16;
    private static final int POWER_CUTS = Boolean.getBoolean("heartwood.long") ? 60 : 4;
    /** {@code EXT4_IOC_SHUTDOWN}, without writing the journal of the file system back: as if the plug were pulled. */
    private static final String SHUT_DOWN =
            "import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587d,struct.pack('I',2))";

    private Path directory;
    private Path file;

    @BeforeEach
    void inA(@TempDir Path temporary) throws IOException {
        directory = temporary.toRealPath();
        file = directory.resolve("state.json");
        JsonFile.open(file).close();
    }

    @Test
    void aFailedSyncOfTheNextFileFailsThatCommitAlone() throws Exception {
        Child child = suffering(null, "fdatasync", "EIO:when=8", SMALL);
        assertThat(child.lines("fail "))
                .hasSize(1)
                .first()
                .asString()
                .contains("was not written", "Input/output error");
        assertThat(child.lines("ack ")).hasSize(19);
        child.check(file, SMALL);
    }

    @Test
    void aFailedRenameFailsThatCommitAlone() throws Exception {
        Child child = suffering(null, "rename", "EIO:when=8", SMALL);
        assertThat(child.lines("fail ")).hasSize(1).first().asString().contains("was not written");
        assertThat(child.lines("ack ")).hasSize(19);
        child.check(file, SMALL);
    }

    @Test
    void afterAFailedSyncOfTheDirectoryAllIsWrittenAnew() throws Exception {
        Child child = suffering(directory, "fsync,fdatasync", "EIO:when=5", SMALL);
        assertThat(child.lines("notice TROUBLE")).hasSize(1).first().asString().contains("written anew");
        assertThat(child.lines("ack ")).hasSize(20);
        child.check(file, SMALL);
    }

    @Test
    void afterAFailedSyncOfTheJournalAllIsWrittenAnew() throws Exception {
        try (Store store = JsonFile.options().journalAbove(0).open(file)) {
            store.put("large", true);
        }
        Path journal = next(journal());
        Child child = suffering(journal, "fdatasync", "EIO:when=5", 0);
        assertThat(child.lines("notice TROUBLE")).hasSize(1).first().asString().contains("written anew");
        assertThat(child.lines("ack ")).hasSize(20);
        assertThat(journal()).isNotEqualTo(journal);
        child.check(file, 0);
    }

    @Test
    void whereNothingCanBeSyncedAnyMoreTheStoreStopsAndSaysSo() throws Exception {
        try (Store store = JsonFile.options().journalAbove(0).open(file)) {
            store.put("large", true);
        }
        Child child = suffering(null, "fdatasync,fsync", "EIO:when=5+", 0);
        assertThat(child.lines("fail ").get(0)).contains("IndeterminateCommitException", "may or may not");
        assertThat(child.lines("fail ").get(1)).contains("StoreIOException", "takes no more commits");
        child.check(file, 0);
    }

    /** The journal that the next opening begins. */
    private static Path next(Path journal) {
        String name = journal.getFileName().toString();
        long number = Long.parseLong(name.replaceAll("\\D", ""));
        return journal.resolveSibling("journal-" + (number + 1) + ".jsonl");
    }

    private Path journal() throws IOException {
        try (var names = Files.list(directory.resolve("state.json.d"))) {
            return names.filter(path -> path.getFileName().toString().startsWith("journal-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Child suffering(Path path, String calls, String fault, long journalAbove)
            throws IOException, InterruptedException {
        Machine.requireTools("strace");
        Machine.runOrSkip("strace", "-f", "-o", "/dev/null", "true");
        List<String> strace = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null"));
        if (path != null) {
            strace.addAll(List.of("-P", path.toString()));
        }
        strace.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":error=" + fault));
        Child child = Child.startWithoutHistory(strace, file, journalAbove, 1, 20);
        child.end();
        assertThat(child.lines("end"))
                .as("what the child said: %s", child.said())
                .hasSize(1);
        return child;
    }

    @Test
    void aFullDiskFailsCommitsAndTheStoreWorksAgainWhenThereIsRoom() throws Exception {
        for (long journalAbove : new long[] {SMALL, 0}) {
            // The file itself fills the disk, or its journal does.
            long keys = journalAbove > 0 ? 40 : 8;
            Path disk = mounted("-t", "tmpfs", "-o", "size=64k", "tmpfs");
            try {
                Path filler = disk.resolve("filler");
                Files.write(filler, new byte[24 << 10]);
                Path full = disk.resolve("state.json");
                long last = 0;
                try (Store store = JsonFile.options()
                        .journalAbove(journalAbove)
                        .onNotice(notice -> {})
                        .open(full)) {
                    StoreIOException refused = null;
                    for (long i = 1; i < 1_000 && refused == null; i++) {
                        try {
                            store.put("n", i);
                            store.put("k" + i % keys, "x".repeat(400) + i);
                            last = i;
                        } catch (StoreIOException e) {
                            refused = e;
                        }
                    }
                    assertThat(refused).hasMessageContainingAll("was not written", "No space left");
                    assertThat(store.get("n", Long.class)).isBetween(last, last + 1);
                    Files.delete(filler);
                    store.put("n", -1);
                }
                try (Store store = JsonFile.options().journalAbove(journalAbove).open(full)) {
                    assertThat(store.get("n")).isEqualTo(-1L);
                }
            } finally {
                Machine.run("umount", "-l", disk.toString());
            }
        }
    }

    @Test
    void aReadOnlyDirectoryIsFoundAtOpening() throws Exception {
        Path disk = mounted("--bind", "-o", "ro", directory.toString());
        try {
            assertThatThrownBy(() -> JsonFile.open(disk.resolve("state.json")))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("read-only", "must be writable");
        } finally {
            Machine.run("umount", "-l", disk.toString());
        }
    }

    /** The files of a store as a crash leaves them: the file is behind its journal. */
    private void crashInto(Path home) throws IOException {
        Path running = Files.createDirectories(directory.resolve("running")).resolve("state.json");
        try (Store store = JsonFile.options().journalAbove(0).open(running)) {
            store.put("n", 1);
            store.put("n", 2);
            Files.copy(running, home.resolve("state.json"));
            Path inside = Files.createDirectory(home.resolve("state.json.d"));
            try (var files = Files.list(running.resolveSibling("state.json.d"))) {
                for (Path from : (Iterable<Path>) files::iterator) {
                    Files.copy(from, inside.resolve(from.getFileName()));
                }
            }
        }
    }

    private static void requireReadOnly(Path file) throws IOException {
        Map<String, String> before = JsonFileCase.all(file.getParent());
        try (Store store = JsonFile.options().readOnly().open(file)) {
            assertThat(store.get("n")).isEqualTo(2L);
            assertThatThrownBy(() -> store.put("n", 3))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("opened read-only");
        }
        assertThat(JsonFileCase.all(file.getParent())).isEqualTo(before);
    }

    @Test
    void aReadOnlyDirectoryIsOpenedReadOnlyWithWhatItsJournalHas() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        crashInto(home);
        Path disk = mounted("--bind", "-o", "ro", home.toString());
        try {
            requireReadOnly(disk.resolve("state.json"));
        } finally {
            Machine.run("umount", "-l", disk.toString());
        }
    }

    @Test
    void aFullDiskIsOpenedReadOnlyAndOpensAgainWhenThereIsRoom() throws Exception {
        Path disk = mounted("-t", "tmpfs", "-o", "size=256k", "tmpfs");
        try {
            crashInto(disk);
            Path filler = disk.resolve("filler");
            assertThatThrownBy(() -> Files.write(filler, new byte[1 << 20])).isInstanceOf(IOException.class);
            Path full = disk.resolve("state.json");
            requireReadOnly(full);
            assertThatThrownBy(() -> JsonFile.open(full))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("No space left");
            requireReadOnly(full);
            Files.delete(filler);
            try (Store store = JsonFile.options().journalAbove(0).open(full)) {
                assertThat(store.get("n")).isEqualTo(2L);
            }
        } finally {
            Machine.run("umount", "-l", disk.toString());
        }
    }

    @Test
    void aFollowerOnAReadOnlyMountFollowsTheHolder() throws Exception {
        Path disk = mounted("--bind", "-o", "ro", directory.toString());
        try (Store holder = JsonFile.open(file);
                Store follower = JsonFile.options().follow().open(disk.resolve("state.json"))) {
            for (long i = 0; i < 5; i++) {
                long n = i;
                holder.put("n", n);
                follower.await(view -> view.getOrDefault("n", Long.class, -1L) == n, Duration.ofSeconds(60));
            }
        } finally {
            Machine.run("umount", "-l", disk.toString());
        }
    }

    @Test
    void aFollowerOnAFullDiskShowsWhatWasAcknowledgedAndGoesOnWhenThereIsRoom() throws Exception {
        for (long journalAbove : new long[] {SMALL, 0}) {
            Path disk = mounted("-t", "tmpfs", "-o", "size=128k", "tmpfs");
            Path full = disk.resolve("state.json");
            try (Store holder = JsonFile.options()
                            .journalAbove(journalAbove)
                            .onNotice(notice -> {})
                            .open(full);
                    Store follower = JsonFile.options().follow().open(full)) {
                holder.put("n", 1);
                Path filler = disk.resolve("filler");
                assertThatThrownBy(() -> Files.write(filler, new byte[1 << 20])).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> holder.put("pad", "x".repeat(20_000))).isInstanceOf(StoreIOException.class);
                assertThat(follower.fresh().toMap()).hasToString("{n=1}");
                Files.delete(filler);
                holder.put("n", 2);
                assertThat(follower.fresh().get("n")).isEqualTo(2L);
            } finally {
                Machine.run("umount", "-l", disk.toString());
            }
        }
    }

    @Test
    void aMountedFileIsRefused() throws Exception {
        Machine.requireRoot();
        Path target = Files.createDirectory(directory.resolve("in a container")).resolve("state.json");
        Files.createFile(target);
        Machine.runOrSkip("mount", "--bind", file.toString(), target.toString());
        try {
            assertThatThrownBy(() -> JsonFile.open(target))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("Mount the directory");
        } finally {
            Machine.run("umount", "-l", target.toString());
        }
    }

    @Test
    @Timeout(7_200)
    void aPowerCutLosesNothingThatWasAcknowledged() throws Exception {
        Machine.requireRoot();
        Machine.requireTools("mkfs.ext4", "python3");
        for (int round = 0; round < POWER_CUTS; round++) {
            long journalAbove = round % 2 == 0 ? SMALL : 0;
            Path image = directory.resolve("image-" + round);
            Machine.runOrSkip("truncate", "-s", "16M", image.toString());
            Machine.runOrSkip("mkfs.ext4", "-q", "-F", image.toString());
            Path disk = mounted("-o", "loop", image.toString());
            try {
                Child child = Child.start(List.of(), disk.resolve("state.json"), journalAbove, 4, Integer.MAX_VALUE);
                child.awaitLines("ack ", 50 + 40 * round);
                // A sync that is under way while this ioctl runs may succeed although its bytes are lost, in a program
                // of two system calls, too; so only the earlier acknowledgements count.
                if (round % 4 > 1) {
                    // Half of the times somebody reads, and copies, beside the cut.
                    JsonFile.backup(disk.resolve("state.json"), disk.resolve("backup.json"));
                }
                Map<String, Long> before = child.acknowledged();
                Machine.runOrSkip("python3", "-c", SHUT_DOWN, disk.toString());
                child.kill();
                Machine.run("umount", disk.toString());
                // A copy: another mount namespace, such as that of a network test, may still hold the disk that was
                // shut down, and the kernel would mount that one again.
                Path left = directory.resolve("left-" + round);
                Machine.runOrSkip("cp", image.toString(), left.toString());
                Machine.runOrSkip("mount", "-o", "loop", left.toString(), disk.toString());
                child.check(disk.resolve("state.json"), journalAbove, before);
                System.out.println("power cut: " + child.lines("ack ").size() + " commits acknowledged, none lost");
            } finally {
                Machine.run("umount", "-l", disk.toString());
            }
        }
    }

    /** Mounts something on a new directory. */
    private Path mounted(String... what) throws IOException, InterruptedException {
        Machine.requireRoot();
        Path disk = Files.createTempDirectory(directory.getParent(), "mounted");
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(what));
        command.add(disk.toString());
        Machine.runOrSkip(command.toArray(new String[0]));
        return disk;
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void whereNoFileDescriptorIsLeftTheStoreGoesOn(long journalAbove) throws Exception {
        Child child = withoutDescriptors(journalAbove, "loaded");
        if (journalAbove > 0) {
            assertThat(child.lines("told ").get(0)).contains("nothing of it will be there", "Too many open files");
        } else {
            // The journal is open.
            assertThat(child.lines("told ")).as("%s", child.said()).containsExactly("told committed");
        }
        assertThat(child.lines("then ")).as("%s", child.said()).containsExactly("then committed");
        assertThat(child.lines("closed ")).isEmpty();
        try (Store store = JsonFile.open(directory.resolve("state.json"))) {
            assertThat(store.get("n", Long.class)).isEqualTo(2L);
        }
    }

    /** The classes of this build are files, of which none can be opened then: even to tell of an error may be impossible. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void whereNotEvenAClassCanBeLoadedACommitHasItsAnswer(long journalAbove) throws Exception {
        Child child = withoutDescriptors(journalAbove);
        assertThat(child.lines("told ").get(0))
                .as("what answers a failed write is loaded")
                .doesNotContain("dev/heartwood/file/commit/");
        boolean goesOn = child.said().contains("then committed");
        // A class that is missing may end the call that has made a commit: such an error says nothing about its fate.
        boolean refused = child.lines("then ").get(0).startsWith("then StoreIOException");
        try (Store store = JsonFile.open(directory.resolve("state.json"))) {
            assertThat(store.get("n", Long.class)).isBetween(goesOn ? 2L : 0L, refused ? 1L : 2L);
        }
    }

    private Child withoutDescriptors(long journalAbove, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of(directory.resolve("state.json").toString(), Long.toString(journalAbove)));
        arguments.addAll(List.of(more));
        Child child = Child.start(
                List.of("bash", "-c", "ulimit -n 200; exec \"$@\"", "bash"),
                WithoutDescriptors.class,
                arguments.toArray(String[]::new));
        child.end();
        assertThat(child.lines("told ")).as("%s", child.said()).hasSize(1);
        assertThat(child.lines("then ")).as("%s", child.said()).hasSize(1);
        return child;
    }
}
