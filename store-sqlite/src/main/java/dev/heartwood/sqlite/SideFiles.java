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
 * The log ({@code -wal}) and the shared memory ({@code -shm}) that SQLite keeps beside a database, and who may use them.
 *
 * <p>SQLite makes them with the mode of the database, in the name of the process that comes first. So a process that may not
 * write to the database must not be the one that makes them: its user would own them, and the owner of the database could not
 * write any more. Looks at attributes only: opening one of the files would drop SQLite's locks.
 */
final class SideFiles {
    private SideFiles() {}

    /** SQLite's log of a database. */
    static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    private static Path sharedMemory(Path database) {
        return database.resolveSibling(database.getFileName() + "-shm");
    }

    /** The names at which SQLite finds the logs of a database, and applies them, whichever database wrote them. */
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

    /** Whether commits stand in the log, and may be missing in the database. */
    static boolean hasCommits(Path database) {
        return log(database).toFile().length() > 0;
    }

    /** Whether to read the database would make one of them in the name of a user who may not write to the database. */
    static boolean wouldBeOfAReader(Path database) {
        return Files.isWritable(database.resolveSibling("."))
                && !Files.isWritable(database)
                && !of(database).stream().allMatch(Files::exists);
    }

    /**
     * Refuses to read a log of a killed process in the name of a user who would own the shared memory for it.
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
     * Refuses to write where one of them belongs to a user who does not let this process write to it.
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
     * Gives those that this process has made to the group of the database, whose members may write to it. In a directory
     * without the setgid bit they have the first group of this process.
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
            // A process that is not in that group lets its members do what everybody may. One of these files may also
            // have gone since: another process has ended.
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
