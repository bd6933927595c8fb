package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk with ext4 in a file, from which the plug can be pulled; a test that needs it is skipped where none can be mounted. */
final class LoopDisk implements AutoCloseable {
    /** {@code EXT4_IOC_SHUTDOWN}, without writing the journal of the file system back: as if the plug were pulled. */
    private static final String SHUT_DOWN =
            "import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587d,struct.pack('I',2))";

    private Path image;
    private final Path directory;

    private LoopDisk(Path image, Path directory) {
        this.image = image;
        this.directory = directory;
    }

    /** Makes and mounts one within {@code parent}. */
    static LoopDisk in(Path parent) throws IOException {
        Path image = parent.resolve("image");
        Path directory = Files.createDirectory(parent.resolve("disk"));
        assumeThat(SmallDisk.succeeds("truncate", "-s", "32M", image.toString())
                        && SmallDisk.succeeds("mkfs.ext4", "-q", "-F", image.toString())
                        && SmallDisk.succeeds("mount", "-o", "loop", image.toString(), directory.toString()))
                .as("a loop device can be mounted here")
                .isTrue();
        return new LoopDisk(image, directory);
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    /** From now on nothing reaches the disk any more. */
    void pullThePlug() throws IOException {
        assumeThat(SmallDisk.succeeds("python3", "-c", SHUT_DOWN, directory.toString()))
                .as("the file system can be shut down by python3")
                .isTrue();
    }

    /** As it is found after the power is back; nobody may use it at this moment. */
    void plugIn() throws IOException {
        assertThat(SmallDisk.succeeds("umount", directory.toString())).isTrue();
        // A copy: another mount namespace, such as that of a network test, may still hold the disk that was
        // shut down, and the kernel would mount that one again.
        image = Files.copy(image, image.resolveSibling(image.getFileName() + "-left"));
        assertThat(SmallDisk.succeeds("mount", "-o", "loop", image.toString(), directory.toString()))
                .isTrue();
    }

    @Override
    public void close() throws IOException {
        assertThat(SmallDisk.succeeds("umount", "-l", directory.toString())).isTrue();
    }
}
