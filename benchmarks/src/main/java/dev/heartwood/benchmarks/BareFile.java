package dev.heartwood.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The system calls without which no file can be replaced durably. */
final class BareFile {
    private BareFile() {}

    /** A temporary file, its sync, a rename, and the sync of the directory. */
    static void replace(Path directory, byte[] bytes) throws IOException {
        Path next = directory.resolve("bare.tmp");
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int ignored = channel.write(ByteBuffer.wrap(bytes));
            channel.force(false);
        }
        Files.move(next, directory.resolve("bare.json"), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
