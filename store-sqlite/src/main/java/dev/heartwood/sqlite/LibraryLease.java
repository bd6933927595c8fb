package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Properties;
import org.sqlite.JDBC;

/**
 * A mark for the whole JVM that this copy of SQLite's native library uses a file.
 *
 * <p>Two applications of one server may each load a copy of the library. POSIX locks belong to the process, so the
 * copies do not exclude each other, and when one of them closes a file, the other loses its locks on it. The only state
 * that two class loaders share without further setup is the system properties; so the mark is one of those: it names
 * the copy, and counts its uses. An application that is undeployed with an open store leaves its mark behind, which is
 * correct: its connections are still open, too.
 */
final class LibraryLease implements AutoCloseable {
    /** The prefix of our system properties. */
    static final String PREFIX = "dev.heartwood.sqlite.inUse.";

    /** One for each copy of the library: two stores of two class loaders may share one copy, and its locks. */
    private static final String COPY = Integer.toHexString(System.identityHashCode(JDBC.class)) + " of "
            + String.valueOf(JDBC.class.getClassLoader()).replace(' ', '_');

    private final String key;
    private boolean closed;

    private LibraryLease(String key) {
        this.key = key;
    }

    /**
     * Marks that this copy of the library is about to use a file; must be called before any connection to it is opened.
     *
     * @param file its real name, in a directory that exists
     * @throws StoreIOException if another copy uses it
     */
    static LibraryLease on(Path file) {
        return on(file, COPY);
    }

    /**
     * The same, for a use that tolerates no other in this process.
     *
     * @throws StoreIOException if the file is in use
     */
    static LibraryLease alone(Path file) {
        if (System.getProperties().putIfAbsent(key(file), COPY + " 1") != null) {
            throw new StoreIOException(
                    file + " is open in this process: close every store that uses it first; it was left as it is",
                    null);
        }
        return new LibraryLease(key(file));
    }

    static LibraryLease on(Path file, String copy) {
        String key = key(file);
        Properties notes = System.getProperties();
        String[] other = new String[1];
        // One atomic step for all class loaders: between a check and a mark another copy could open the file.
        notes.compute(key, (name, old) -> {
            String note = (String) old;
            if (note != null && !copy.equals(copyOf(note))) {
                other[0] = copyOf(note);
                return note;
            }
            return copy + " " + (note == null ? 1 : uses(note) + 1);
        });
        if (other[0] != null) {
            throw new StoreIOException(
                    file + " is in use in this process by another class loader (" + other[0] + "), which has loaded a"
                            + " copy of SQLite's native library of its own. Two copies in one process destroy each"
                            + " other's locks. Put store-sqlite and sqlite-jdbc where both applications share them (the"
                            + " server's common libraries), or close the other store first. If an application was"
                            + " undeployed without closing its store, restart the process",
                    null);
        }
        return new LibraryLease(key);
    }

    /** Ends one use. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            System.getProperties().computeIfPresent(key, (name, note) -> {
                String old = (String) note;
                return uses(old) == 1 ? null : copyOf(old) + " " + (uses(old) - 1);
            });
        }
    }

    private static String copyOf(String note) {
        return note.substring(0, note.lastIndexOf(' '));
    }

    private static int uses(String note) {
        return Integer.parseInt(note.substring(note.lastIndexOf(' ') + 1));
    }

    /** The directory's identity and the name: the file itself need not exist yet, and a directory may have two names. */
    private static String key(Path file) {
        Object directory = null;
        try {
            directory = Files.readAttributes(file.getParent(), BasicFileAttributes.class)
                    .fileKey();
        } catch (IOException e) {
            // Then its name. An opening fails on it anyway.
        }
        return PREFIX + (directory == null ? file.getParent() : directory) + "/" + file.getFileName();
    }
}
