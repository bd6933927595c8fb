package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of one commit on the disk, in their order: nearly each is one system call, and none is there without need. */
class CommitStepsTest {
    private static final List<String> REPLACES_THE_FILE = List.of(
            "create next",
            "write next",
            "size of next",
            "force next",
            "close next",
            "write durable",
            // From here to the rename as few as possible.
            "stamp of holder",
            "compare state.json",
            "close state.json",
            "attributes of state.json",
            "link state.json",
            "open state.json",
            "compare state.json",
            "rename next");

    private static final List<String> MAKES_THE_NAME_DURABLE = List.of(
            "force directory",
            // Between the sync and the answer.
            "stamp of holder",
            "write durable");

    private final Recording disk = new Recording();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("unix"), "a system with other steps");
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
    }

    @Test
    void aFileThatItsOwnerAloneMayReadIsReplacedWithoutMore() throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-------");
        assertThat(stepsOfACommit(1 << 16))
                .startsWith("attributes of state.json")
                .containsSubsequence(REPLACES_THE_FILE)
                .containsSubsequence(MAKES_THE_NAME_DURABLE)
                .hasSize(1 + REPLACES_THE_FILE.size() + MAKES_THE_NAME_DURABLE.size());
    }

    @Test
    void aFileThatTheStoreMadeNeedsALookAtItsRightsAndNoCopyOfThem() throws IOException {
        Path probe = Files.createFile(place.file().resolveSibling("probe"));
        assumeTrue(
                Files.getPosixFilePermissions(probe).contains(PosixFilePermission.GROUP_READ),
                "a user whose new files are private");
        List<String> steps = stepsOfACommit(1 << 16);
        assertThat(steps)
                .containsSubsequence(REPLACES_THE_FILE)
                .containsSubsequence("rename next", "attributes of state.json", "force directory")
                .hasSize(2 + REPLACES_THE_FILE.size() + MAKES_THE_NAME_DURABLE.size());
    }

    @Test
    void aCommitToAJournalIsOneWriteAndOneSync() throws IOException {
        assertThat(stepsOfACommit(0))
                .containsExactly(
                        "size of journal",
                        "write journal",
                        "size of journal",
                        "force journal",
                        "stamp of holder",
                        "stamp of journal",
                        "write durable");
    }

    @Test
    void theFileThatWasReplacedBeforeIsDeletedOnceTheCallerHasItsAnswer() throws IOException {
        try (Store store = open(1 << 16)) {
            for (int i = 0; i < 5; i++) {
                store.put("a", i);
            }
            store.flush();
            disk.steps.clear();
            disk.answered = new CountDownLatch(1);
            store.put("a", "counted");
            disk.answered.countDown();
            store.flush();
            assertThat(disk.steps)
                    .filteredOn(step -> step.startsWith("delete"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("delete replaced");
            // Its successor stands there still.
            assertThat(place.replaced()).filteredOn(Files::exists).hasSize(1);
        }
    }

    private List<String> stepsOfACommit(long journalAbove) throws IOException {
        try (Store store = open(journalAbove)) {
            for (int i = 0; i < 5; i++) {
                store.put("a", i);
            }
            store.flush();
            disk.steps.clear();
            store.put("a", "counted");
            List<String> steps = List.copyOf(disk.steps);
            // What comes after the answer may have begun.
            return steps.subList(0, steps.lastIndexOf("write durable") + 1);
        }
    }

    private Store open(long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk, place, CrashHarness.FORMAT, CrashHarness.settings(journalAbove), Reporter.NOBODY)));
    }

    private void chmod(String mode) throws IOException {
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString(mode));
    }

    /** A disk that records its operations. */
    private final class Recording extends ForwardingDisk {
        private final List<String> steps = new CopyOnWriteArrayList<>();
        /** Files are deleted after this. */
        private volatile CountDownLatch answered = new CountDownLatch(0);

        private void note(String what, Path path) {
            String name = path.getFileName().toString();
            steps.add(what + " "
                    + (name.contains("heartwood-tmp") ? "next" : name.startsWith("journal-") ? "journal" : name));
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            note("create", file);
            return new RecordingOutput(file, super.create(file, mode));
        }

        @Override
        public Output open(Path file) throws IOException {
            note("open to write", file);
            return new RecordingOutput(file, super.open(file));
        }

        @Override
        public Comparison compare(Path file) throws IOException {
            note("open", file);
            Comparison open = super.compare(file);
            return new Comparison() {
                @Override
                public boolean holds(byte[] expected) throws IOException {
                    note("compare", file);
                    return open.holds(expected);
                }

                @Override
                public void close() throws IOException {
                    note("close", file);
                    open.close();
                }
            };
        }

        @Override
        public @Nullable Attributes attributes(Path path) throws IOException {
            note("attributes of", path);
            return super.attributes(path);
        }

        @Override
        public @Nullable FileStamp stamp(Path path) throws IOException {
            note("stamp of", path);
            return super.stamp(path);
        }

        @Override
        public boolean link(Path file, Path second) throws IOException {
            note("link", file);
            return super.link(file, second);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            note("rename", from);
            super.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            note("delete", file);
            awaitAnswer();
            super.delete(file);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            steps.add("force directory");
            super.forceDirectory(directory);
        }

        private void awaitAnswer() throws IOException {
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }

        private final class RecordingOutput extends ForwardingOutput {
            private final Path file;

            RecordingOutput(Path file, Output out) {
                super(out);
                this.file = file;
            }

            @Override
            public void write(byte[] bytes, int length, long position) throws IOException {
                note("write", file);
                super.write(bytes, length, position);
            }

            @Override
            public long size() throws IOException {
                note("size of", file);
                return super.size();
            }

            @Override
            public void force() throws IOException {
                note("force", file);
                super.force();
            }

            @Override
            public void close() throws IOException {
                note("close", file);
                super.close();
            }
        }
    }
}
