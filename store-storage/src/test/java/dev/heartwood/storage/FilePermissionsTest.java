package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy is open to those who may read its model, and to nobody else. */
class FilePermissionsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void needsPermissions() {
        assumeTrue(FilePermissions.areIn(directory), "needs POSIX permissions");
    }

    private Path file(String name, String permissions) throws IOException {
        Path file = Files.createFile(directory.resolve(name));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private static String of(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aFileIsMadeWithTheBitsThatAreAskedFor() throws IOException {
        for (int mode : new int[] {0400, 0600, 0640, 0700}) {
            Path made = directory.resolve("made" + mode);
            Files.createFile(made, FilePermissions.atCreation(made, mode));
            assertThat((int) Files.getAttribute(made, "unix:mode") & 0777).isEqualTo(mode);
        }
    }

    @Test
    void aCopyHasThePermissionsOfItsModelNarrowerOrWider() throws IOException {
        Path narrow = file("narrow", "rw-------");
        Path wide = file("wide", "rw-rw-r--");
        Path copy = file("copy", "rw-r--r--");
        FilePermissions.copy(narrow, copy);
        assertThat(of(copy)).isEqualTo("rw-------");
        FilePermissions.copy(wide, copy);
        assertThat(of(copy)).isEqualTo("rw-rw-r--");
        FilePermissions.makeOwnerOnly(copy);
        assertThat(of(copy)).isEqualTo("rw-------");
    }

    @Test
    void aCopyHasTheGroupOfItsModel() throws IOException {
        assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "only the superuser has every group");
        Path model = file("model", "rw-r-----");
        Files.setAttribute(model, "unix:gid", 2345);
        Path copy = file("copy", "rw-------");
        FilePermissions.copy(model, copy);
        assertThat(Files.getAttribute(copy, "unix:gid")).isEqualTo(2345);
        assertThat(of(copy)).isEqualTo("rw-r-----");
    }

    @Test
    void ofAFileThatIsMissingTheNearestDirectoryIsDescribed() {
        assertThat(FilePermissions.inWords(directory.resolve("missing/file")))
                .startsWith(directory + " belongs to ")
                .endsWith("this process runs as " + System.getProperty("user.name"));
    }
}
