package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {
    @Test
    void aFileHoldsItsBytesAndNoOthers(@TempDir Path directory) throws IOException {
        Disk disk = new RealDisk();
        Path file = directory.resolve("file");
        for (int size : new int[] {0, 1, 8_191, 8_192, 8_193, 16_384, 50_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            Files.write(file, bytes);
            assertThat(disk.holds(file, bytes)).isTrue();
            assertThat(disk.holds(file, Arrays.copyOf(bytes, size + 1))).isFalse();
            if (size > 0) {
                assertThat(disk.holds(file, Arrays.copyOf(bytes, size - 1))).isFalse();
                for (int changed : new int[] {0, size / 2, size - 1}) {
                    byte[] other = bytes.clone();
                    other[changed]++;
                    assertThat(disk.holds(file, other)).isFalse();
                }
            }
        }
    }

    @Test
    void eachNewFileHasTheModeThatIsAskedFor(@TempDir Path directory) throws IOException {
        requirePosix(directory);
        Disk disk = new RealDisk();
        for (int mode : new int[] {0600, 0640, 0640, 0600, 0700}) {
            Path file = directory.resolve("file");
            disk.create(file, mode).close();
            assertThat(attributes(disk, file).mode()).isEqualTo(mode);
            disk.delete(file);
        }
    }

    @Test
    void aLinkIsNotWrittenThrough(@TempDir Path directory) throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "of somebody else");
        Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
        assertThatThrownBy(() -> new RealDisk().open(link)).isInstanceOf(IOException.class);
    }

    @Test
    void aSecondNameThatIsTakenIsNotGiven(@TempDir Path directory) throws IOException {
        Disk disk = new RealDisk();
        Path file = Files.writeString(directory.resolve("file"), "new");
        Path taken = Files.writeString(directory.resolve("taken"), "old");
        assertThat(disk.link(file, taken)).isFalse();
        assertThat(taken).hasContent("old");
        assertThat(disk.link(directory.resolve("missing"), directory.resolve("second")))
                .isFalse();
    }

    @Test
    void whatCannotBeDeletedIsTold(@TempDir Path directory) throws IOException {
        Disk disk = new RealDisk();
        disk.delete(directory.resolve("missing"));
        Path full = Files.createDirectory(directory.resolve("full"));
        Files.writeString(full.resolve("file"), "");
        assertThatThrownBy(() -> disk.delete(full)).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectoryThatIsNotThereHasNoNames(@TempDir Path directory) throws IOException {
        assertThat(new RealDisk().list(directory.resolve("missing"))).isEmpty();
    }

    /** A change of the owner or the group clears the bits beyond those of reading, writing and running. */
    @Test
    void aFileGetsTheGroupAndEveryBitOfTheModeOfItsModel(@TempDir Path directory) throws IOException {
        requirePosix(directory);
        assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "only the superuser gives files away");
        Disk disk = new RealDisk();
        Path model = Files.writeString(directory.resolve("model"), "");
        Files.setAttribute(model, "unix:gid", 2345);
        Files.setAttribute(model, "unix:mode", 06750);
        Path file = Files.writeString(directory.resolve("file"), "");
        disk.resemble(file, attributes(disk, model));
        assertThat(attributes(disk, file).resembles(attributes(disk, model))).isTrue();

        Path given = Files.writeString(directory.resolve("given"), "");
        disk.give(given, attributes(disk, model));
        assertThat(attributes(disk, given).group()).isEqualTo(2345);
    }

    private static void requirePosix(Path directory) throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "needs POSIX permissions");
    }

    private static Disk.Attributes attributes(Disk disk, Path file) throws IOException {
        return Objects.requireNonNull(disk.attributes(file));
    }
}
