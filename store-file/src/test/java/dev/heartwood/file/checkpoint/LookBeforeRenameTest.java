package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one window in which an editor's save is lost: between the last look at the file and the rename over it. */
class LookBeforeRenameTest {
    @Test
    void nothingComesBetweenTheLookAndTheRename(@TempDir Path directory) throws IOException {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Watching disk = new Watching(place.file());
        try (Store store = Store.over(FileRoot.open(
                new StoreContext(disk, place, CrashHarness.FORMAT, CrashHarness.settings(1 << 16), Reporter.NOBODY)))) {
            for (int i = 0; i < 2_000; i++) {
                store.put("a", i);
            }
        }
        List<Long> windows = disk.windows;
        assertThat(windows.size()).isGreaterThan(1_900);
        Collections.sort(windows);
        System.out.println("from the look to the rename: half of the times under "
                + windows.get(windows.size() / 2) / 1_000 + " microseconds, 99 of 100 under "
                + windows.get(windows.size() * 99 / 100) / 1_000);
    }

    private static final class Watching extends ForwardingDisk {
        private final List<Long> windows = new ArrayList<>();
        private final Path file;
        private String last = "";
        private long looked;

        Watching(Path file) {
            this.file = file;
        }

        @Override
        public Comparison compare(Path from) throws IOException {
            Comparison open = super.compare(from);
            return new Comparison() {
                @Override
                public boolean holds(byte[] expected) throws IOException {
                    last = from.equals(file) ? "look" : "read";
                    looked = System.nanoTime();
                    return open.holds(expected);
                }

                @Override
                public void close() throws IOException {
                    last = "close";
                    open.close();
                }
            };
        }

        @Override
        public Attributes attributes(Path path) throws IOException {
            last = "attributes of " + path;
            return super.attributes(path);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            last = "force";
            super.forceDirectory(directory);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            boolean first = windows.isEmpty() && !"look".equals(last);
            super.rename(from, to);
            if (to.equals(file) && !first) {
                windows.add(System.nanoTime() - looked);
                assertThat(last).isEqualTo("look");
            }
        }
    }
}
