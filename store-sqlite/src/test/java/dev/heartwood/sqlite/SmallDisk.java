package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of one mebibyte, which can be full or read-only; a test that needs it is skipped where none can be mounted. */
final class SmallDisk implements AutoCloseable {
    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts one in a new directory within {@code parent}. */
    static SmallDisk in(Path parent) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("disk"));
        assumeThat(succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString()))
                .as("a small disk can be mounted here")
                .isTrue();
        return new SmallDisk(directory);
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    /** From now on nothing on it can be written. */
    void makeReadOnly() throws IOException {
        remount("ro");
    }

    void makeWritable() throws IOException {
        remount("rw");
    }

    private void remount(String how) throws IOException {
        assertThat(succeeds("mount", "-o", "remount," + how, directory.toString()))
                .isTrue();
    }

    @Override
    public void close() throws IOException {
        assertThat(succeeds("umount", directory.toString())).isTrue();
    }

    /** Whether a command does what it says. */
    static boolean succeeds(String... command) throws IOException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .onExit()
                        .join()
                        .exitValue()
                == 0;
    }
}
