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
    /** Accounts without names: distributions and systemd give these numbers to nobody. */
    private static final int OWNER = 60_801;

    private static final int OTHER = 60_802;

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
        OtherUser.own(file, OWNER);
        try (Store store = JsonFile.open(file)) {
            store.put("b", 1);
        }
        try (Stream<Path> all = Files.walk(file.getParent())) {
            assertThat(all.filter(path -> !path.equals(file.getParent())))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(path ->
                            assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(OWNER));
        }
        assertThat(openedBy(OWNER)).contains("open 2 ");
        assertThat(openedBy(OWNER)).contains("open 2 ");
    }

    @Test
    void aUserWhoMayNotWriteTheFileIsRefusedBeforeTheFirstCommit() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, OWNER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(openedBy(OTHER))
                .contains(
                        "this process may not write to it",
                        file + " belongs to " + OWNER + " (group " + OWNER + ", rw-r--r--)",
                        "No file was changed")
                .doesNotContain("open 1");
        assertNothingIsBesideTheFile();
    }

    @Test
    void aUserWhoCouldNotGiveTheNextFileToItsOwnerIsRefusedBeforeTheFirstCommit() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, OWNER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(openedBy(OTHER))
                .contains("the file belongs to user " + OWNER, "No file was changed")
                .doesNotContain("open 1");
        assertNothingIsBesideTheFile();
    }

    @Test
    void anOwnerWhoMayNotWriteTheFileIsToldSoBeforeAnythingIsMade() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, OWNER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(openedBy(OWNER)).contains("this process may not write to it", "r--r--r--", "chmod u+w");
        assertNothingIsBesideTheFile();
    }

    @Test
    void aFileThatWasReadOnlyForAWhileLeavesAJournalThatItsOwnerCanGoOnWith() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, OWNER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        try (Store store = JsonFile.options().journalAbove(0).open(file)) {
            store.put("b", 1); // the superuser may
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(openedBy(OWNER)).contains("open 2 ");
    }

    @Test
    void aUserWhoMayNotLookIntoTheDirectoryOfAStoreIsToldWhoseItIs() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        OtherUser.own(file, OWNER);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(openedBy(OWNER)).contains("open 1 ");
        assertThat(openedBy(OTHER))
                .contains("access denied", "state.json.d belongs to " + OWNER + " (group " + OWNER + ", rwx------)")
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
