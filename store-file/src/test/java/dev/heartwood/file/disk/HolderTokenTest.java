package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.testsupport.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The token of the opening that holds a store: how it is taken, found lost, and left. */
class HolderTokenTest {
    private final RealDisk real = new RealDisk();
    private Path home;
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        home = Files.createDirectory(directory.toRealPath().resolve("home"));
        place = new StoreLayout(home.resolve("state.json"));
        place.prepare(real);
    }

    private void requireLost(HolderToken token) {
        assertThatThrownBy(token::requireHeld).isInstanceOf(HolderLostException.class);
        assertThat(token.lost()).isNotNull();
    }

    @Test
    void aFileInPlaceOfAFolderIsALoss() throws IOException {
        for (Path folder : List.of(place.directory(), home)) {
            HolderToken token = HolderToken.take(real, place);
            token.requireHeld();
            Path away = home.resolveSibling("away");
            Files.move(folder, away);
            Files.writeString(folder, "a file now");
            requireLost(token);
            Files.delete(folder);
            Files.move(away, folder);
            token.close();
        }
    }

    /** The commits that came meanwhile may be in no file. */
    @Test
    void whatWasLostOnceStaysLostThoughTheFilesAreBack() throws IOException {
        HolderToken token = HolderToken.take(real, place);
        Path away = home.resolveSibling("away");
        Files.move(home, away);
        requireLost(token);
        Files.move(away, home);
        requireLost(token);
        token.close();
    }

    @Test
    void theTokenOfAnOpeningThatIsKeptStays() throws IOException {
        HolderToken kept = HolderToken.take(real, place);
        kept.keep();
        kept.close();
        assertThat(place.holder()).exists();
        HolderToken refused = HolderToken.take(real, place);
        refused.close();
        assertThat(place.holder()).doesNotExist();
    }

    @Test
    void anOpeningThatCannotNameItsTokenLeavesNone() throws IOException {
        Disk disk = new ForwardingDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                throw new IOException("planted");
            }
        };
        assertThatThrownBy(() -> HolderToken.take(disk, place)).hasMessage("planted");
        assertThat(inside()).isEmpty();
    }

    @Test
    void itsBytesAreDurableBeforeItsName() throws IOException {
        List<String> steps = new ArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public Output create(Path file, int mode) throws IOException {
                return new ForwardingOutput(super.create(file, mode)) {
                    @Override
                    public void force() throws IOException {
                        super.force();
                        steps.add("bytes");
                    }
                };
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                steps.add("name");
            }

            @Override
            public void forceDirectory(Path directory) throws IOException {
                super.forceDirectory(directory);
                steps.add("names in " + directory.getFileName());
            }
        };
        HolderToken.take(disk, place).close();
        assertThat(steps)
                .startsWith("bytes", "name", "names in state.json.d", "names in home", "names in state.json.d");
    }

    @Test
    void temporaryFilesOfOpeningsThatWereKilledAreDeletedAndNoOthers() throws IOException {
        StoreLayout killed = place.of("0123abcd");
        List<Path> remains = List.of(
                killed.next(), killed.nextAgain(), killed.nextInside(), killed.rights(), killed.rightsOfCopy(12));
        for (Path remain : remains) {
            Files.writeString(remain, "half");
        }
        List<Path> foreign = List.of(
                home.resolve(".state.json.note"),
                home.resolve(".state.json.heartwood-tmp-0123abcd.mine"),
                place.directory().resolve("note"),
                place.directory().resolve("tmp-mine"),
                place.directory().resolve("tmp-0123abcd-mine"));
        for (Path path : foreign) {
            Files.writeString(path, "mine");
        }
        HolderToken token = HolderToken.take(real, place);
        assertThat(remains).noneMatch(Files::exists);
        assertThat(foreign).allMatch(Files::exists);
        token.close();
    }

    /** Each step after which a commit may be acknowledged, or by which a file of another opening would be touched. */
    @Test
    void noStepOfAStoreThatWasLostSucceeds() throws IOException {
        List<String> forced = new ArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public Output open(Path file) throws IOException {
                return noting(super.open(file));
            }

            @Override
            public Output create(Path file, int mode) throws IOException {
                return noting(super.create(file, mode));
            }

            private Output noting(Output out) {
                return new ForwardingOutput(out) {
                    @Override
                    public void force() throws IOException {
                        super.force();
                        forced.add("forced");
                    }
                };
            }
        };
        HolderToken token = HolderToken.take(disk, place);
        Disk held = token.disk();
        Path journal = Files.writeString(place.journal(1), "journal");
        Path other = Files.writeString(place.generation(1), "generation");
        List<Disk.Output> outs = List.of(
                held.open(journal),
                held.create(place.journal(2), Disk.OWNER_ONLY),
                held.createLike(journal, place.journal(3)));
        forced.clear();
        for (Disk.Output out : outs) {
            out.force();
        }
        assertThat(forced).hasSize(3);

        HolderToken.take(real, place).keep();
        for (Disk.Output out : outs) {
            assertThatThrownBy(out::force).isInstanceOf(HolderLostException.class);
            out.close();
        }
        assertThatThrownBy(() -> held.forceDirectory(home)).isInstanceOf(HolderLostException.class);
        assertThatThrownBy(() -> held.rename(other, place.generation(2))).isInstanceOf(HolderLostException.class);
        assertThatThrownBy(() -> held.delete(journal)).isInstanceOf(HolderLostException.class);
        assertThat(inside()).contains(journal, other);
        token.close();
    }

    private List<Path> inside() throws IOException {
        try (Stream<Path> all = Files.list(place.directory())) {
            return all.toList();
        }
    }

    /** Process numbers are used again, and a container has its own. */
    @Test
    void aTokenIsOfARunningProcessOnlyWithItsNumberItsStartAndItsFolder() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "only Linux tells when a process was started");
        assertThat(HolderToken.isHeldByRunningProcess(real, place)).isFalse();
        HolderToken token = HolderToken.take(real, place);
        assertThat(HolderToken.isHeldByRunningProcess(real, place)).isTrue();
        String text = Files.readString(place.holder());
        token.close();
        String own = "process " + ProcessHandle.current().pid() + ",";
        for (String other : List.of(
                text.replace(own, "process 1,"),
                text.replace(own, "process 999999999,"),
                text.replaceAll("started (\\d)", "started 1$1"),
                text.replaceAll("started \\d+", "started unknown"),
                text.replaceAll(", started [^,]*", ""),
                text.replaceAll("directory .*", "directory unknown"))) {
            assertThat(other).isNotEqualTo(text);
            Files.writeString(place.holder(), other);
            assertThat(HolderToken.isHeldByRunningProcess(real, place))
                    .as(other)
                    .isFalse();
        }
        Files.writeString(place.holder(), text);
        assertThat(HolderToken.isHeldByRunningProcess(real, place)).isTrue();
    }

    /** It has ended, though nobody has asked for its end yet. */
    @Test
    void aZombieHoldsNothing() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "only Linux tells when a process was started");
        HolderToken token = HolderToken.take(real, place);
        String text = Files.readString(place.holder());
        token.close();
        // The child of a shell that became another program, which never asks for it.
        Process shell =
                new ProcessBuilder("sh", "-c", "sh -c 'echo $$; cat /proc/$$/stat; exit' & exec sleep 60").start();
        try (BufferedReader said = shell.inputReader()) {
            long child = Long.parseLong(said.readLine());
            String start = said.readLine().replaceAll(".*\\) ", "").split(" ", -1)[19];
            Path stat = Path.of("/proc/" + child + "/stat");
            while (!Files.readString(stat).contains(") Z ")) {
                Thread.sleep(5);
            }
            Files.writeString(
                    place.holder(),
                    text.replaceAll("process \\d+", "process " + child).replaceAll("started \\d+", "started " + start));
            assertThat(HolderToken.isHeldByRunningProcess(real, place)).isFalse();
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    /** To open a pipe would wait for its other end. */
    @Test
    @Timeout(20)
    void aPipeInThePlaceOfATokenIsALossAndNobodyWaitsForIt() throws Exception {
        Machine.requireTools("mkfifo");
        HolderToken token = HolderToken.take(real, place);
        Files.delete(place.holder());
        Machine.runOrSkip("mkfifo", place.holder().toString());
        requireLost(token);
        assertThat(HolderToken.isHeldByRunningProcess(real, place)).isFalse();
        token.close();
    }
}
