package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file system that writes only a part of the bytes, and reports no error. */
class ShortWriteTest {
    private volatile boolean swallowing;

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void whatIsNotThereWholeFailsTheCommitAndTheStoreGoesOn(long journalAbove, @TempDir Path directory)
            throws IOException {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Disk disk = new ForwardingDisk() {
            @Override
            public Output create(Path file, int mode) throws IOException {
                return new Swallowing(super.create(file, mode));
            }

            @Override
            public Output open(Path file) throws IOException {
                return new Swallowing(super.open(file));
            }
        };
        try (Store store = open(disk, place, journalAbove)) {
            store.put("a", 1);
            swallowing = true;
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("was not written", "wrote ", "and it has ", "try again");
            swallowing = false;
            assertThat(store.get("a")).isEqualTo(1L);
            store.put("b", 3);
        }
        try (Store store = open(new RealDisk(), place, journalAbove)) {
            assertThat(store.toMap()).hasToString("{a=1, b=3}");
        }
    }

    private static Store open(Disk disk, StoreLayout place, long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk, place, CrashHarness.FORMAT, CrashHarness.settings(journalAbove), Reporter.NOBODY)));
    }

    private final class Swallowing extends ForwardingOutput {
        Swallowing(Disk.Output out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int length, long position) throws IOException {
            super.write(bytes, swallowing ? length - 5 : length, position);
        }
    }
}
