package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a store can live, and where only at the user's own word. */
class LocationChecksTest {
    private Path file;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        file = directory.toRealPath().resolve("state.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"})
    void aNetworkFileSystemIsRefusedUntilTheUserVouchesForIt(String type) throws IOException {
        Disk remote = on(type);
        assertThatThrownBy(() -> LocationChecks.find(remote, file, false))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(
                        file.toString(), "network file system (" + type + ")", "allowNetworkFileSystem()");
        assertThat(file.getParent()).isEmptyDirectory();

        StoreLayout place = LocationChecks.find(remote, file, true);
        Root root = FileRoot.open(
                new StoreContext(remote, place, CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY));
        try (Store store = Store.over(root)) {
            store.put("a", 1);
        }
        assertThat(file).hasContent("{\n  \"a\": 1\n}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "tmpfs", "ntfs", "apfs", "overlay"})
    void aFileSystemOfThisMachineIsTaken(String type) throws IOException {
        assertThat(LocationChecks.find(on(type), file, false).file()).isEqualTo(file);
    }

    @Test
    void symbolicLinksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(file, Path.of("other.json"));
        Files.createSymbolicLink(file.resolveSibling("other.json"), file.getFileName());
        assertThatThrownBy(() -> LocationChecks.find(new RealDisk(), file, false))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("in a circle");
    }

    @Test
    void aRelativeLinkInADirectoryBehindALinkLeadsWhereTheSystemSays() throws IOException {
        Path app = file.resolveSibling("app");
        Files.createDirectories(app.resolve("releases/7"));
        Files.createDirectories(app.resolve("shared"));
        Path shared = Files.writeString(app.resolve("shared/state.json"), "{}");
        Files.createSymbolicLink(app.resolve("releases/7/state.json"), Path.of("../../shared/state.json"));
        Files.createSymbolicLink(app.resolve("current"), Path.of("releases/7"));
        // Where a path that is made shorter before it is looked at would lead to.
        Files.createDirectory(file.resolveSibling("shared"));

        Path named = app.resolve("current/state.json");
        assertThat(named.toRealPath()).isEqualTo(shared);
        assertThat(LocationChecks.find(new RealDisk(), named, false).file()).isEqualTo(shared);
    }

    @Test
    void aLinkToAFileThatIsNotThereYetIsFollowed() throws IOException {
        Files.createDirectory(file.resolveSibling("data"));
        Files.createSymbolicLink(file, Path.of("data/new.json"));
        assertThat(LocationChecks.find(new RealDisk(), file, false).file())
                .isEqualTo(file.resolveSibling("data").resolve("new.json"));
    }

    @Test
    void aCopyThatAStoreKeepsForItsRecoveryIsRefused() throws IOException {
        Path copy;
        try (Store store = JsonFile.open(file)) {
            store.put("a", 1);
            copy = new StoreLayout(file).generation(1);
            refuseAsAPart(copy);
        }
        refuseAsAPart(copy);
    }

    private void refuseAsAPart(Path copy) {
        assertThat(copy).exists();
        assertThatThrownBy(() -> LocationChecks.find(new RealDisk(), copy, false))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(copy.getParent() + " belongs to the store " + file + ", which");
    }

    /** As {@code conf.d}, for example. */
    @Test
    void aFileInAFolderWhoseNameOnlyEndsLikeThatOfAStoreIsTaken() throws IOException {
        Path inside = Files.createDirectory(file.resolveSibling("conf.d")).resolve("state.json");
        try (Store store = JsonFile.open(inside)) {
            store.put("a", 1);
        }
        assertThat(inside).exists();
    }

    private static Disk on(String type) {
        return new ForwardingDisk() {
            @Override
            public String fileSystem(Path directory) {
                return type;
            }
        };
    }
}
