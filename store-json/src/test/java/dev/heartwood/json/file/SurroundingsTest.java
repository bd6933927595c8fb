package dev.heartwood.json.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a store can live, and where only at the user's own word. */
class SurroundingsTest {
    private Path file;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        file = directory.toRealPath().resolve("state.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs"})
    void aNetworkFileSystemIsRefusedUntilTheUserVouchesForIt(String type) throws IOException {
        Disk remote = on(type);
        assertThatThrownBy(() -> Surroundings.find(remote, file, false))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll(file.toString(), "network file system (" + type + ")", "networkFileSystems()");
        assertThat(file.getParent()).isEmptyDirectory();

        Place place = Surroundings.find(remote, file, true);
        Root root = FileRoot.open(
                remote, place, CrashHarness.FORMAT, CrashHarness.settings(0), (kind, message, kept, cause) -> {});
        try (Store store = Store.over(root)) {
            store.put("a", 1);
        }
        assertThat(file).hasContent("{\n  \"a\": 1\n}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "tmpfs", "ntfs", "apfs", "overlay"})
    void aFileSystemOfThisMachineIsTaken(String type) throws IOException {
        assertThat(Surroundings.find(on(type), file, false).file()).isEqualTo(file);
    }

    @Test
    void symbolicLinksInACircleAreRefused() throws IOException {
        Files.createSymbolicLink(file, Path.of("other.json"));
        Files.createSymbolicLink(file.resolveSibling("other.json"), file.getFileName());
        assertThatThrownBy(() -> Surroundings.find(new RealDisk(), file, false))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("in a circle");
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
