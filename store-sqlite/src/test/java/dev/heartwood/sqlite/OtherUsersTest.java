package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.testsupport.OtherUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that several users of a machine use, with real users; needs root, and is skipped with a word elsewhere. */
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
        file = home.resolve("shared.db");
        try (Store store = SqliteStore.open(file)) {
            store.put("a", 1);
        }
        OtherUser.own(file, OWNER);
        allow("rw-r--r--");
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "look", "back-up", "check"})
    void aUserWhoMayOnlyReadDoesNotLockTheOwnerOut(String visit) throws Exception {
        assertThat(visit(OTHER, visit)).contains(visit.equals("write") ? "refused" : "done");
        assertThat(visit(OWNER, "write")).contains("writes 1");
        assertThat(visit(OTHER, visit)).contains(visit.equals("write") ? "refused" : "done");
        assertThat(visit(OWNER, "write")).contains("writes 2");
    }

    @Test
    void aUserWhoMayOnlyReadIsToldSoAtOpening() throws Exception {
        assertThat(visit(OTHER, "write"))
                .contains(
                        "may not be written to by this process",
                        "belongs to " + OWNER + " (group " + OWNER + ", rw-r--r--)")
                .contains("Nothing was changed", "readOnly()")
                .doesNotContain("statement is not executing");
        assertThat(file.resolveSibling("shared.db-shm")).doesNotExist();
    }

    @Test
    void aUserWhoMayOnlyReadSeesTheCommitsThatAKilledOwnerHasLeftInTheLog() throws Exception {
        assertThat(visit(OWNER, "write")).contains("writes 1");
        assertThat(SideFiles.hasCommits(file)).isTrue();
        assertThat(visit(OTHER, "look")).contains("\"writes\": 1");
        assertThat(visit(OWNER, "write")).contains("writes 2");
    }

    @Test
    void aUserWhoMayMakeNoFileThereSeesTheCommitsInTheLogToo() throws Exception {
        OtherUser.own(file.getParent(), OWNER);
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(visit(OWNER, "write")).contains("writes 1");
        assertThat(SideFiles.hasCommits(file)).isTrue();
        assertThat(visit(OTHER, "look")).contains("\"writes\": 1");
    }

    @Test
    void aLogWithoutItsSharedMemoryIsNotReadInTheNameOfAUserWhoMayNotWrite() throws Exception {
        assertThat(visit(OWNER, "write")).contains("writes 1");
        Files.delete(file.resolveSibling("shared.db-shm"));
        assertThat(visit(OTHER, "look")).contains("refused", "commits", "its owner");
        assertThat(file.resolveSibling("shared.db-shm")).doesNotExist();
        assertThat(visit(OWNER, "write")).contains("writes 2");
    }

    @Test
    void aLogOfAnotherUserIsRefusedWithTheCommandThatMendsIt() throws Exception {
        for (String name : new String[] {"shared.db-wal", "shared.db-shm"}) {
            Path made = Files.createFile(file.resolveSibling(name));
            OtherUser.own(made, OTHER);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-r--r--"));
        }
        assertThat(visit(OWNER, "write"))
                .contains("shared.db-wal", "another user opened the database first", "chown --reference=" + file);
    }

    @Test
    void theMembersOfAGroupShareADatabaseWhateverTheirFirstGroup() throws Exception {
        Files.setAttribute(file, "unix:gid", 60_803);
        allow("rw-rw-r--");
        assertThat(others.runIn(60_803, OTHER, Visitor.class, file.toString(), "write"))
                .contains("writes 1");
        assertThat(others.runIn(60_803, OWNER, Visitor.class, file.toString(), "write"))
                .contains("writes 2");
        assertThat(others.runIn(60_803, 60_804, Visitor.class, file.toString(), "write"))
                .contains("writes 3");
    }

    private void allow(String permissions) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private String visit(int user, String what) throws Exception {
        Path copy = file.resolveSibling("copy-" + System.nanoTime() + ".db");
        return others.run(user, Visitor.class, file.toString(), what, copy.toString());
    }
}
