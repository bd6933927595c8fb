package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk that lacks the features that other systems lack: modes, owners, inodes, second names, and syncs of
 * directories. This tests the paths through the code, and no other system.
 */
class OtherSystemsTest {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void aStoreCommitsKeepsEditsAndOpensAgain(long journalAbove) throws IOException {
        Plain disk = new Plain();
        try (Store store = open(disk, journalAbove)) {
            store.put("a", 1);
            Files.writeString(place.file(), "{\"by\":\"editor\"}");
            store.put("a", 2);
        }
        assertThat(place.kept("external", 1)).hasContent("{\"by\":\"editor\"}");
        try (Store store = open(disk, journalAbove)) {
            assertThat(store.get("a")).isEqualTo(2L);
        }
        assertThat(place.replaced()).noneMatch(Files::exists);
        assertThat(told)
                .filteredOn(message -> message.contains("changed by somebody else"))
                .hasSize(1);
    }

    @Test
    void aRenameThatIsRefusedCostsTheCommitAndNoOther() throws IOException {
        Plain disk = new Plain();
        try (Store store = open(disk, 1 << 16)) {
            store.put("a", 1);
            disk.refuses = true;
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("was not written", "access denied");
            assertThat(store.get("a")).isEqualTo(1L);
            disk.refuses = false;
            store.put("a", 3);
        }
        assertThat(place.file()).hasContent("{\n  \"a\": 3\n}");
    }

    @ParameterizedTest
    @ValueSource(longs = {4_096, 0})
    void everyCrashWhereNamesAreDurableByThemselvesLeavesWhatWasAcknowledged(long journalAbove) throws IOException {
        CrashHarness store = new CrashHarness(journalAbove, DurableNames::new);
        store.commit(1, 10);
        store.commit(2, 300);
        store.checkpoint();
        store.reopen();
        store.commit(1, 10);
        assertThat(store.crashEverywhere(new Random(6), 50, 3)).isGreaterThan(100);
    }

    private Store open(Disk disk, long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(journalAbove),
                (kind, message, kept, cause) -> told.add(message))));
    }

    /** As Windows tells of files, and as it renames them. */
    private static final class Plain extends ForwardingDisk {
        private volatile boolean refuses;

        @Override
        public @Nullable Attributes attributes(Path path) throws IOException {
            Attributes found = super.attributes(path);
            return found == null ? null : new Attributes(found.kind(), found.size(), 1, -1, -1, -1);
        }

        @Override
        public @Nullable Object identity(Path file) throws IOException {
            super.identity(file);
            return null;
        }

        @Override
        public @Nullable FileStamp stamp(Path path) throws IOException {
            FileStamp found = super.stamp(path);
            return found == null ? null : new FileStamp(null, found.size(), found.modified(), 1);
        }

        @Override
        public boolean link(Path file, Path second) {
            return false;
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            if (refuses) {
                throw new AccessDeniedException(to.toString());
            }
            super.rename(from, to);
        }

        @Override
        public void forceDirectory(Path directory) {}
    }

    /** Names are durable, in their order, as soon as they are given; no directory is ever synced. */
    private static final class DurableNames extends MemoryDisk {
        DurableNames(FileImage start) {
            super(start);
        }

        @Override
        public void attempt(Op op) throws IOException {
            super.attempt(op);
            if (op instanceof Op.Name || op instanceof Op.Rename) {
                record(new Op.Force(op.object()));
            }
        }

        @Override
        public boolean link(Path file, Path second) {
            return false;
        }

        @Override
        public void forceDirectory(Path directory) {}
    }
}
