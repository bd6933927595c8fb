package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All paths to one file come to the same one. */
class CanonicalPathTest {
    private Path home;
    private Path file;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        home = directory.toRealPath();
        file = home.resolve("tree");
    }

    @Test
    void aPathThatIsCanonicalStays() throws IOException {
        assertThat(CanonicalPath.of(file)).isEqualTo(file);
        Files.createFile(file);
        assertThat(CanonicalPath.of(file)).isEqualTo(file);
    }

    @Test
    void aLinkToALinkToAFileThatIsNotThereYetIsFollowed() throws IOException {
        Files.createDirectory(home.resolve("data"));
        Files.createSymbolicLink(file, Path.of("data/link"));
        Files.createSymbolicLink(home.resolve("data/link"), Path.of("new"));
        assertThat(CanonicalPath.of(file)).isEqualTo(home.resolve("data/new"));
    }

    @Test
    void aRelativeLinkInADirectoryBehindALinkLeadsWhereTheSystemSays() throws IOException {
        Files.createDirectories(home.resolve("releases/7"));
        Files.createDirectory(home.resolve("common"));
        Files.createDirectory(home.resolve("releases/common"));
        Files.createSymbolicLink(home.resolve("releases/7/tree"), Path.of("../../common/tree"));
        Files.createSymbolicLink(home.resolve("current"), Path.of("releases/7"));
        assertThat(CanonicalPath.of(home.resolve("current/tree"))).isEqualTo(home.resolve("common/tree"));
    }

    @Test
    void dotsAreResolvedWhereTheyStand() throws IOException {
        Files.createDirectories(home.resolve("a/b"));
        Files.createSymbolicLink(home.resolve("link"), Path.of("a/b"));
        assertThat(CanonicalPath.of(home.resolve("link/../tree"))).isEqualTo(home.resolve("a/tree"));
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(file, Path.of("other"));
        Files.createSymbolicLink(home.resolve("other"), Path.of("tree"));
        assertThatThrownBy(() -> CanonicalPath.of(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(file.toString(), "in a circle");
    }

    @Test
    void aLinkIntoADirectoryThatIsMissingIsRefused() throws IOException {
        Files.createSymbolicLink(file, Path.of("nowhere/tree"));
        assertThatThrownBy(() -> CanonicalPath.of(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(file.toString(), "nowhere does not exist", "make it first");
    }

    @Test
    void aDirectoryIsRefusedUnderEachOfItsNames() throws IOException {
        Files.createSymbolicLink(file, Path.of("."));
        for (Path name : new Path[] {home, file, home.resolve("."), Path.of("/"), Path.of("")}) {
            assertThatThrownBy(() -> CanonicalPath.of(name))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("is a directory");
        }
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsRefused() throws IOException {
        Files.createFile(file);
        assertThatThrownBy(() -> CanonicalPath.of(file.resolve("tree")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(file + " is no directory");
    }
}
