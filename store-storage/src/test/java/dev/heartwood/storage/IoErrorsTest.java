package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.StoreException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What failed, in words: a path alone says nothing. */
class IoErrorsTest {
    @Test
    void anErrorWithoutAReasonIsNamedWithItsFile() {
        assertThat(IoErrors.inWords(new AccessDeniedException("/a"))).startsWith("access denied to /a");
        assertThat(IoErrors.inWords(new NoSuchFileException("/a"))).isEqualTo("/a does not exist");
        assertThat(IoErrors.inWords(new NoSuchFileException("/a", "/b", null))).isEqualTo("/a -> /b does not exist");
        assertThat(IoErrors.inWords(new NoSuchFileException("a"))).isEqualTo("a does not exist");
        assertThat(IoErrors.inWords(new FileAlreadyExistsException("/a"))).isEqualTo("/a exists already");
        assertThat(IoErrors.inWords(new DirectoryNotEmptyException("/a"))).isEqualTo("the directory /a is not empty");
        assertThat(IoErrors.inWords(new NotDirectoryException("/a"))).isEqualTo("/a is no directory");
        assertThat(IoErrors.inWords(new AccessDeniedException("/a", "/b", null)))
                .startsWith("access denied to /a -> /b");
        assertThat(IoErrors.inWords(new FileSystemException("/a"))).isEqualTo("FileSystemException at /a");
        assertThat(IoErrors.inWords(new FileSystemException(null))).isEqualTo("FileSystemException");
    }

    @Test
    void anErrorThatSaysWhyIsLeftAsItIs() {
        assertThat(IoErrors.inWords(new FileSystemException("/a", null, "Input/output error")))
                .isEqualTo("/a: Input/output error");
        assertThat(IoErrors.inWords(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(IoErrors.inWords(new StoreException("too long"))).isEqualTo("too long");
        assertThat(IoErrors.inWords(new IOException())).isEqualTo("java.io.IOException");
        assertThat(IoErrors.inWords(new OutOfMemoryError("heap"))).isEqualTo("java.lang.OutOfMemoryError: heap");
    }

    @Test
    void ofAFileThatWasToBeMadeInAMissingDirectoryTheDirectoryIsNamed(@TempDir Path directory) {
        Path missing = directory.resolve("missing");
        assertThat(IoErrors.inWords(new NoSuchFileException(missing.resolve("a").toString())))
                .isEqualTo("the directory " + missing + " does not exist");
    }

    @Test
    void ofTwoFilesItIsSaidWhichCouldNotBeMade() {
        assertThat(IoErrors.inWords(new AtomicMoveNotSupportedException("/a", "/b", "Invalid cross-device link")))
                .isEqualTo("/b could not be made from /a: Invalid cross-device link");
    }

    @Test
    void aFullDiskIsToldFromOtherFailuresWhereverItStandsAmongTheCauses() {
        IOException full = new FileSystemException("/a", null, "No space left on device");
        assertThat(IoErrors.isForLackOfRoom(full)).isTrue();
        assertThat(IoErrors.isForLackOfRoom(new IOException("writing failed", full)))
                .isTrue();
        assertThat(IoErrors.isForLackOfRoom(new StoreException("writing failed", full)))
                .isTrue();
        assertThat(IoErrors.isForLackOfRoom(new IOException("Input/output error")))
                .isFalse();
        assertThat(IoErrors.isForLackOfRoom(new IOException())).isFalse();
        assertThat(IoErrors.isForLackOfRoom(new StoreException("No space left on device in a value")))
                .isFalse();
    }

    /** The messages of Linux, macOS and Windows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "No space left on device",
                "Disk quota exceeded",
                "Disc quota exceeded",
                "There is not enough space on the disk",
                "Not enough quota is available to process this command"
            })
    void aFullDiskIsToldOnEachSystem(String reason) {
        assertThat(IoErrors.isForLackOfRoom(new FileSystemException("/a", null, reason)))
                .isTrue();
    }
}
