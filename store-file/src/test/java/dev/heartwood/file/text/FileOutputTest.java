package dev.heartwood.file.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large file has the bytes that were written, in slices that are durable before they are told, or it is none. */
class FileOutputTest {
    private final Disk disk = new RealDisk();

    @TempDir
    Path directory;

    private Disk.Output created() throws IOException {
        return disk.create(directory.resolve("file"), Disk.USUAL);
    }

    @Test
    void itsBytesAndItsHashAreThoseThatWereWritten() throws IOException {
        Random random = new Random(7);
        byte[] bytes = new byte[3 * FileOutput.SLICE + 12_345];
        random.nextBytes(bytes);
        Path file = directory.resolve("file");
        try (FileOutput out = new FileOutput(file, created())) {
            for (int at = 0; at < bytes.length; ) {
                if (random.nextInt(10) == 0) {
                    out.write(bytes[at++]);
                } else {
                    int length = Math.min(bytes.length - at, random.nextInt(200_000));
                    out.write(bytes, at, length);
                    at += length;
                }
            }
            ContentDigest content = out.force();
            assertThat(content.same(ContentDigest.of(bytes))).isTrue();
            assertThat(content.standsIn(disk, file)).isTrue();
            assertThat(disk.holds(file, bytes)).isTrue();
        }
    }

    @Test
    void eachSliceIsSyncedAndThenTold() throws IOException {
        List<String> steps = new ArrayList<>();
        try (FileOutput out = new FileOutput(
                directory.resolve("file"),
                new ForwardingOutput(created()) {
                    @Override
                    public void force() throws IOException {
                        steps.add("sync");
                        super.force();
                    }
                },
                () -> steps.add("told"))) {
            out.write(new byte[2 * FileOutput.SLICE]);
            assertThat(steps).startsWith("sync", "told");
            out.write(new byte[FileOutput.SLICE / 2]);
            out.force();
            assertThat(steps).containsExactly("sync", "told", "sync", "told", "sync");
        }
    }

    @Test
    void whoIsToldOfASliceMayEndTheWriting() throws IOException {
        try (FileOutput out = new FileOutput(directory.resolve("file"), created(), () -> {
            throw new IOException("not wanted any more");
        })) {
            assertThatThrownBy(() -> out.write(new byte[3 * FileOutput.SLICE])).hasMessage("not wanted any more");
            assertThat(Files.size(directory.resolve("file"))).isLessThan(2 * FileOutput.SLICE);
        }
    }

    @Test
    void aFileOfWhichOnlyAPartIsThereIsNone() throws IOException {
        try (FileOutput out = new FileOutput(directory.resolve("file"), new ForwardingOutput(created()) {
            @Override
            public void write(byte[] bytes, int length, long position) throws IOException {
                super.write(bytes, Math.max(0, length - 1), position);
            }
        })) {
            out.write(new byte[100]);
            assertThatThrownBy(out::force)
                    .hasMessageContaining("wrote 100 bytes")
                    .hasMessageContaining("it has 99");
        }
    }

    @Test
    void aContentThatIsKnownByItsHashIsTheSameOnlyWhereItsBytesAre() throws IOException {
        byte[] bytes = new byte[10_000];
        ContentDigest known =
                ContentDigest.of(bytes.length, ContentDigest.of(bytes).sha256());
        Path file = Files.write(directory.resolve("file"), bytes);
        assertThat(known.standsIn(disk, file)).isTrue();
        bytes[9_999] = 1;
        Files.write(file, bytes);
        assertThat(known.standsIn(disk, file)).isFalse();
        assertThat(known.same(ContentDigest.of(bytes))).isFalse();
        assertThat(known.same(ContentDigest.of(bytes.length + 1, known.sha256())))
                .isFalse();
    }
}
