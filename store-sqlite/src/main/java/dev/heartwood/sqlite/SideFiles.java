package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.FilePermissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;

/**
 * The WAL ({@code -wal}) and the shared memory ({@code -shm}) that SQLite keeps beside a database, and their
 * permissions.
 *
 * <p>SQLite makes them with the mode of the database, and the first process becomes their owner. So a process that may
 * not write to the database must not make them: its user would own them, and the owner of the database could not write
 * any more. This class reads only attributes: opening one of the files would drop SQLite's locks.
 */
final class SideFiles {
    private SideFiles() {}

    /** SQLite's WAL of a database. */
    static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    private static Path sharedMemory(Path database) {
        return database.resolveSibling(database.getFileName() + "-shm");
    }

    /**
     * The names under which SQLite finds the logs of a database; it applies them even if another database wrote them.
     */
    static List<Path> takenForLogsOf(Path database) {
        return List.of(rollbackJournal(database), log(database), sharedMemory(database));
    }

    /** SQLite's log of a database that is not in WAL mode, and the longest name beside one. */
    static Path rollbackJournal(Path database) {
        return database.resolveSibling(database.getFileName() + "-journal");
    }

    private static List<Path> of(Path database) {
        return List.of(log(database), sharedMemory(database));
    }

    /** Whether there are commits in the WAL that may be missing in the database. */
    static boolean hasCommits(Path database) {
        return log(database).toFile().length() > 0;
    }

    /** Whether reading the database would make one of them, owned by a user who may not write to the database. */
    static boolean wouldBeOfAReader(Path database) {
        return Files.isWritable(database.resolveSibling("."))
                && !Files.isWritable(database)
                && !of(database).stream().allMatch(Files::exists);
    }

    /**
     * Refuses to read the WAL of a killed process for a user who would become the owner of its shared memory.
     *
     * @throws StoreIOException if so; nothing was changed
     */
    static void requireMadeByAWriter(Path database) {
        if (hasCommits(database) && wouldBeOfAReader(database)) {
            throw new StoreIOException(
                    database + " has commits in its log, " + log(database)
                            + ", that a killed process has left there. To"
                            + " read them, SQLite would make a file in the name of this process, which may not write to"
                            + " the database (" + FilePermissions.inWords(database)
                            + "). Nothing was changed. Have its owner open and close the database once, then try again",
                    null);
        }
    }

    /**
     * Refuses to write if one of them belongs to another user and this process may not write to it.
     *
     * @throws StoreIOException if so; nothing was changed
     */
    static void requireWritable(Path database) {
        for (Path file : of(database)) {
            if (Files.exists(file) && !Files.isWritable(file)) {
                throw new StoreIOException(
                        file + ", which SQLite keeps beside the database, may not be written to by this process ("
                                + FilePermissions.inWords(file)
                                + "): another user opened the database first. Nothing was changed. Close the database in"
                                + " all processes, then, as the superuser: chown --reference=" + database + " "
                                + log(database) + " " + sharedMemory(database),
                        null);
            }
        }
    }

    /**
     * Gives the files that this process has made to the group of the database, whose members may write to it. In a
     * directory without the setgid bit they have the primary group of this process.
     */
    static void share(Path database) {
        if (!FilePermissions.areIn(database)) {
            return;
        }
        try {
            GroupPrincipal group = attributes(database).group();
            for (Path file : of(database)) {
                giveTo(group, file);
            }
        } catch (IOException e) {
            // If this process is not in that group, the members of its own group get the rights of everybody. One of
            // these files may also be gone since: another process has ended.
        }
    }

    private static void giveTo(GroupPrincipal group, Path file) throws IOException {
        try {
            if (!attributes(file).group().equals(group)) {
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setGroup(group);
            }
        } catch (NoSuchFileException e) {
            // Not made yet.
        }
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
