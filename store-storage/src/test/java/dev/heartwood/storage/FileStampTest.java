package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stamp tells one file from another, and a file from the same one before it was written to. */
class FileStampTest {
    @TempDir
    Path directory;

    private static FileStamp of(Path path) throws IOException {
        return Objects.requireNonNull(FileStamp.of(path));
    }

    @Test
    void whatIsNotThereHasNone() throws IOException {
        assertThat(FileStamp.of(directory.resolve("missing"))).isNull();
        assertThat(FileStamp.withoutLinks(directory.resolve("missing"))).isNull();
        Path file = Files.writeString(directory.resolve("file"), "a");
        assertThat(of(file).sameFile(null)).isFalse();
    }

    @Test
    void writesWithinOneMillisecondAreToldApart() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a");
        long time = TimeUnit.SECONDS.toNanos(1_700_000_000);
        Files.setLastModifiedTime(file, FileTime.from(time, TimeUnit.NANOSECONDS));
        FileStamp before = of(file);
        Files.setLastModifiedTime(file, FileTime.from(time + 1_000, TimeUnit.NANOSECONDS));
        assumeTrue(
                Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS) != time,
                "the file system keeps no times as exact as that");
        assertThat(of(file)).isNotEqualTo(before);
        assertThat(of(file).sameFile(before)).isTrue();
        assertThat(Objects.requireNonNull(FileStamp.withoutLinks(file)).modified())
                .isEqualTo(of(file).modified());
    }

    @Test
    void aLinkIsNotItsFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (FileStamp stamp : List.of(of(link), Objects.requireNonNull(FileStamp.withoutLinks(link)))) {
            assumeTrue(stamp.key() != null, "the file system has no identities");
            assertThat(stamp.sameFile(of(file))).isFalse();
        }
    }

    @Test
    void eachNameCountsAndAllAreOfOneFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "a");
        assertThat(of(file).links()).isEqualTo(1);
        Path second = Files.createLink(directory.resolve("second"), file);
        assertThat(of(second).sameFile(of(file))).isTrue();
        assertThat(of(file).links()).isEqualTo(2);
        Path copy = Files.copy(file, directory.resolve("copy"));
        assertThat(of(copy).sameFile(of(file))).isFalse();
    }
}
