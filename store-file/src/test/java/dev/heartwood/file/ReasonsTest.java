package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What failed, in words: a path alone says nothing. */
class ReasonsTest {
    @Test
    void anErrorWithoutAReasonIsNamedWithItsFile() {
        assertThat(Reasons.of(new AccessDeniedException("/a"))).isEqualTo("access denied to /a");
        assertThat(Reasons.of(new NoSuchFileException("/a"))).isEqualTo("no such file: /a");
        assertThat(Reasons.of(new FileAlreadyExistsException("/a"))).isEqualTo("/a exists already");
        assertThat(Reasons.of(new DirectoryNotEmptyException("/a"))).isEqualTo("the directory /a is not empty");
        assertThat(Reasons.of(new NotDirectoryException("/a"))).isEqualTo("/a is no directory");
        assertThat(Reasons.of(new AccessDeniedException("/a", "/b", null))).isEqualTo("access denied to /a -> /b");
        assertThat(Reasons.of(new FileSystemException("/a"))).isEqualTo("FileSystemException at /a");
        assertThat(Reasons.of(new FileSystemException(null))).isEqualTo("FileSystemException");
    }

    @Test
    void anErrorThatSaysWhyIsLeftAsItIs() {
        assertThat(Reasons.of(new FileSystemException("/a", null, "Input/output error")))
                .isEqualTo("/a: Input/output error");
        assertThat(Reasons.of(new AtomicMoveNotSupportedException("/a", "/b", "Invalid cross-device link")))
                .isEqualTo("/a -> /b: Invalid cross-device link");
        assertThat(Reasons.of(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(Reasons.of(new StoreException("too long"))).isEqualTo("too long");
        assertThat(Reasons.of(new IOException())).isEqualTo("java.io.IOException");
        assertThat(Reasons.of(new OutOfMemoryError("heap"))).isEqualTo("java.lang.OutOfMemoryError: heap");
    }

    @Test
    void aCommitThatIsDeniedSaysSo(@TempDir Path directory) throws IOException {
        Place place = new Place(directory.toRealPath().resolve("state.json"));
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
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(1 << 16),
                (kind, message, kept, cause) -> {}))) {
            denied[0] = true;
            assertThatThrownBy(() -> store.put("a", 1))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not written")
                    .hasMessageContaining("access denied to " + place.next());
        }
    }
}
