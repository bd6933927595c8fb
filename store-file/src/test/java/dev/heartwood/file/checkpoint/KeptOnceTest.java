package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A foreign text in the file is kept once, and whole, however often the file cannot be replaced. */
class KeptOnceTest {
    private final List<Kind> told = new CopyOnWriteArrayList<>();
    private final Stubborn disk = new Stubborn();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
    }

    @Test
    void anEditIsKeptOnceWhileTheFileCannotBeReplaced() throws IOException {
        try (Store store = open()) {
            Files.writeString(place.file(), "{\"by\":\"editor\"}");
            disk.renameFails = true;
            refused(store);
            refused(store);
            assertThat(place.kept("external", 1)).hasContent("{\"by\":\"editor\"}");
            assertThat(place.kept("external", 2)).doesNotExist();
            assertThat(told).containsExactly(Kind.EXTERNAL_EDIT);
            try (Stream<Path> files = Files.list(place.parent())) {
                assertThat(files)
                        .as("nothing is left of the commits that were refused")
                        .containsExactlyInAnyOrder(place.file(), place.directory(), place.kept("external", 1));
            }

            Files.writeString(place.file(), "{\"by\":\"edited\"}");
            refused(store);
            assertThat(place.kept("external", 2)).hasContent("{\"by\":\"edited\"}");
            Files.delete(place.kept("external", 2));
            refused(store);
            assertThat(place.kept("external", 2)).hasContent("{\"by\":\"edited\"}");

            disk.renameFails = false;
            store.put("a", 1);
            Files.writeString(place.file(), "{\"by\":\"edited\"}");
            store.put("a", 2);
            assertThat(place.kept("external", 3)).hasContent("{\"by\":\"edited\"}");
        }
    }

    /** The file could not be replaced between the two edits, so that the second one stands where the first one stood. */
    @Test
    void aRefusedEditStaysWhereTheEditAfterItIsMerged() throws Exception {
        FileRoot root = FileRoot.open(new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(1 << 16).withMergeEdits(Duration.ofMillis(1)),
                (kind, message, kept, cause) -> told.add(kind)));
        try (Store store = Store.over(root)) {
            root.mergeEdits(store);
            disk.renameFails = true;
            Files.writeString(place.file(), "no tree");
            while (!told.contains(Kind.TROUBLE)) {
                Thread.sleep(1);
            }
            assertThat(place.kept("external", 1)).hasContent("no tree");

            Files.writeString(place.file(), "{\"n\": 7}");
            store.await(view -> view.contains("n"), Duration.ofSeconds(30));
            disk.renameFails = false;
        }

        assertThat(place.file()).hasContent("{\n  \"n\": 7\n}\n");
        assertThat(place.kept("external", 1)).hasContent("no tree");
    }

    @Test
    void theStoresOwnTextIsNoEditWhereItsNameCouldNotBeSynced() throws IOException {
        try (Store store = open()) {
            store.put("a", 1);
            disk.syncFailsOnce = true;
            store.put("a", 2);
            assertThat(disk.syncFailsOnce).isFalse();
        }

        assertThat(told).containsExactly(Kind.TROUBLE);
        assertThat(place.kept("external", 1)).doesNotExist();
    }

    @Test
    void aCopyThatFailedHalfWayDoesNotStay() throws IOException {
        try (Store store = open()) {
            Files.writeString(place.file(), "{\"by\":\"editor\"}");
            disk.copyFails = true;
            refused(store);
            assertThat(place.kept("external", 1)).doesNotExist();
            disk.copyFails = false;
            store.put("a", 1);
            assertThat(place.kept("external", 1)).hasContent("{\"by\":\"editor\"}");
        }
    }

    private static void refused(Store store) {
        assertThatThrownBy(() -> store.put("a", 1))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("was not written", "planted");
    }

    private Store open() throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(1 << 16),
                (kind, message, kept, cause) -> told.add(kind))));
    }

    private final class Stubborn extends ForwardingDisk {
        private volatile boolean renameFails;
        private volatile boolean copyFails;
        private volatile boolean syncFailsOnce;

        @Override
        public void forceDirectory(Path directory) throws IOException {
            if (syncFailsOnce && directory.equals(place.parent())) {
                syncFailsOnce = false;
                throw new IOException("planted");
            }
            super.forceDirectory(directory);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            if (renameFails && to.equals(place.file())) {
                throw new IOException("planted");
            }
            super.rename(from, to);
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            boolean kept = file.toString().contains("external");
            return new ForwardingOutput(super.create(file, mode)) {
                @Override
                public void force() throws IOException {
                    if (kept && copyFails) {
                        throw new IOException("planted");
                    }
                    super.force();
                }
            };
        }
    }
}
