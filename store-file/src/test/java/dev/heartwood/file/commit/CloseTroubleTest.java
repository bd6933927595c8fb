package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What closing says of commits that the next opening may not find. */
class CloseTroubleTest {
    @Test
    void whereTheFileWasOverwrittenAndCannotBeWrittenAnewClosingFails(@TempDir Path directory) throws IOException {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Full disk = new Full();
        Store store = Store.over(FileRoot.open(
                new StoreContext(disk, place, CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY)));
        store.put("a", 1);
        disk.full = true;
        Files.writeString(place.file(), "{\"by\": \"somebody else\"}");
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class).hasStackTraceContaining("planted");
        assertThat(place.file()).hasContent("{\"by\": \"somebody else\"}");
        store.close();
    }

    private static final class Full extends ForwardingDisk {
        private volatile boolean full;

        @Override
        public Output create(Path file, int mode) throws IOException {
            if (full) {
                throw new IOException("planted");
            }
            return super.create(file, mode);
        }
    }
}
