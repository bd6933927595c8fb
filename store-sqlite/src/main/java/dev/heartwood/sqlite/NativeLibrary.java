package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * SQLite's native library: whether it can be loaded, and which version it has. The JDBC driver unpacks it into a temporary
 * directory; after a first failure the driver throws {@link UnsatisfiedLinkError} at each use.
 */
final class NativeLibrary {
    /** In WAL mode, earlier versions may corrupt a database to which two connections write (the WAL-reset bug). */
    private static final int[] FIRST_SAFE = {3, 51, 3};

    private static final int PARTS = 3;

    private static volatile @Nullable String version;

    private NativeLibrary() {}

    /**
     * Loads the library, unless it is loaded.
     *
     * @throws StoreIOException if that is not possible, the second time too
     */
    static void require() {
        if (version != null) {
            return;
        }
        try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + Database.MEMORY)) {
            version = connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException | LinkageError e) {
            String directory = System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
            throw new StoreIOException(
                    "SQLite's native library cannot be loaded. It is unpacked into the temporary directory " + directory
                            + ", which must exist, be writable, have room for some megabytes and allow executable files"
                            + " (no noexec mount). Choose another one with the system property org.sqlite.tmpdir"
                            + " (-Dorg.sqlite.tmpdir=DIRECTORY) and start the process again. No file was touched",
                    e);
        }
    }

    /**
     * Refuses a version that may corrupt files, before any file is opened.
     *
     * @throws StoreIOException if the library is too old, or cannot be loaded
     */
    static void requireSafe() {
        require();
        requireSafe(version);
    }

    static void requireSafe(@Nullable String version) {
        if (!isSafe(version)) {
            throw new StoreIOException(
                    "SQLite " + version
                            + " is on the class path, and versions before 3.51.3 may corrupt a database that"
                            + " several connections write to. Use org.xerial:sqlite-jdbc 3.51.3.0 or later; where Spring"
                            + " Boot manages versions, set its property sqlite-jdbc.version. No file was touched",
                    null);
        }
    }

    private static boolean isSafe(@Nullable String version) {
        String[] parts = String.valueOf(version).split("\\.", PARTS + 1);
        for (int i = 0; i < PARTS; i++) {
            int part = i < parts.length && parts[i].matches("\\d{1,6}") ? Integer.parseInt(parts[i]) : 0;
            if (part != FIRST_SAFE[i]) {
                return part > FIRST_SAFE[i];
            }
        }
        return true;
    }
}
