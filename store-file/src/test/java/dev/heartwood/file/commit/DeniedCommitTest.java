package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that the file system refuses says why. */
class DeniedCommitTest {
    @Test
    void aCommitThatIsDeniedSaysSo(@TempDir Path directory) throws IOException {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        boolean[] denied = {false};
        Disk disk = new ForwardingDisk() {
            @Override
            public Output create(Path file, int mode) throws IOException {
                if (denied[0]) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.create(file, mode);
            }
        };
        try (Store store = Store.over(FileRoot.open(
                new StoreContext(disk, place, CrashHarness.FORMAT, CrashHarness.settings(1 << 16), Reporter.NOBODY)))) {
            denied[0] = true;
            assertThatThrownBy(() -> store.put("a", 1))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not written")
                    .hasMessageContaining(
                            "access denied to " + directory.toRealPath().resolve(".state.json.heartwood-tmp-"));
        }
    }
}
