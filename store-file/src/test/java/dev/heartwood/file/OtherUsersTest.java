package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.testsupport.OtherUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that several users of a machine use, with real users; needs root, and is skipped with a word elsewhere. */
class OtherUsersTest {
    private Path file;
    private OtherUser others;

    @BeforeEach
    void inA(@TempDir Path directory) throws Exception {
        Path home = directory.toRealPath().resolve("home");
        others = OtherUser.of(directory.toRealPath(), home);
        file = home.resolve("state.json");
    }

    @Test
    void whatTheSuperuserOpensOnceStillBelongsToItsOwner() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, 1001);
        try (Store store = JsonFile.open(file)) {
            store.put("b", 1);
        }
        try (Stream<Path> all = Files.walk(file.getParent())) {
            assertThat(all.filter(path -> !path.equals(file.getParent())))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(path ->
                            assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(1001));
        }
        assertThat(openedBy(1001)).contains("open 2 ");
        assertThat(openedBy(1001)).contains("open 2 ");
    }

    @Test
    void aUserWhoMayNotWriteTheFileIsRefusedBeforeTheFirstCommit() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, 1001);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(openedBy(1002))
                .contains(
                        "this process may not write to it",
                        file + " belongs to 1001 (group 1001, rw-r--r--)",
                        "No file was changed")
                .doesNotContain("open 1");
        assertNothingIsBesideTheFile();
    }

    @Test
    void aUserWhoCouldNotGiveTheNextFileToItsOwnerIsRefusedBeforeTheFirstCommit() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, 1001);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(openedBy(1002))
                .contains("the file belongs to user 1001", "No file was changed")
                .doesNotContain("open 1");
        assertNothingIsBesideTheFile();
    }

    @Test
    void anOwnerWhoMayNotWriteTheFileIsToldSoBeforeAnythingIsMade() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, 1001);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(openedBy(1001)).contains("this process may not write to it", "r--r--r--", "chmod u+w");
        assertNothingIsBesideTheFile();
    }

    @Test
    void aFileThatWasReadOnlyForAWhileLeavesAJournalThatItsOwnerCanGoOnWith() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, 1001);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        try (Store store = JsonFile.options().journalAbove(0).open(file)) {
            store.put("b", 1); // the superuser may
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(openedBy(1001)).contains("open 2 ");
    }

    @Test
    void aUserWhoMayNotLookIntoTheDirectoryOfAStoreIsToldWhoseItIs() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, 1001);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(openedBy(1001)).contains("open 1 ");
        assertThat(openedBy(1002))
                .contains("access denied", "state.json.d belongs to 1001 (group 1001, rwx------)")
                .contains("Run the program as a user who may do that", "chmod")
                .doesNotContain("when the cause is gone");
    }

    private void assertNothingIsBesideTheFile() throws Exception {
        try (Stream<Path> all = Files.walk(file.getParent())) {
            assertThat(all).containsExactlyInAnyOrder(file.getParent(), file);
        }
    }

    private String openedBy(int user) throws Exception {
        return others.run(user, Recoverer.class, file.toString());
    }
}
