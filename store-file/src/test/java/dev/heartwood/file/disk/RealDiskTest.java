package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
}
