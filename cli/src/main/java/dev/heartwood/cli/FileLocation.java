package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.json.Decimals;
import dev.heartwood.tree.LinkTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** A file that is a store, or is to become one. */
abstract class FileLocation extends StoreLocation {
    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private final Path file;

    FileLocation(Path file) {
        this.file = file;
    }

    /**
     * The store in a file that exists. Its content tells the kind; of an empty file, its name does.
     *
     * @throws StoreIOException if there is none, or it cannot be read
     */
    static FileLocation existing(Path file) {
        return existing(file, "");
    }

    /** The same; {@code advice} ends the sentence which says that the file does not exist. */
    static FileLocation existing(Path file, String advice) {
        if (!Files.exists(file)) {
            // Its file is missing, and others of it are there: the store's message names the remedy.
            if (Files.isDirectory(folder(file))) {
                return new JsonFileLocation(file);
            } else if (Files.exists(Path.of(file + "-wal"))) {
                return new SqliteLocation(file);
            }
            throw new StoreIOException(file + " does not exist" + advice, null);
        }
        if (Files.isDirectory(file)) {
            throw new StoreIOException(file + " is a directory, expected a store's file", null);
        }
        // To open a pipe would wait for its other end, perhaps for ever.
        if (!Files.isRegularFile(file)) {
            throw new StoreIOException(file + " is no regular file, expected a store's file", null);
        }
        // Before anything of the file is open in this process: closing it would drop SQLite's locks.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(SQLITE.length);
            return (start.length == 0 && isSqliteName(file)) || Arrays.equals(start, SQLITE)
                    ? new SqliteLocation(file)
                    : new JsonFileLocation(file);
        } catch (IOException e) {
            throw new StoreIOException("cannot read " + file + ": " + Input.reason(e), e);
        }
    }

    /**
     * The store in a file, or one that is to be made there: its name tells the kind.
     *
     * @throws UsageException if the name does not tell
     */
    static FileLocation any(Path file) {
        if (Files.exists(file) || Files.isDirectory(folder(file))) {
            return existing(file);
        } else if (isSqliteName(file)) {
            return new SqliteLocation(file);
        } else if (name(file).endsWith(".json")) {
            return new JsonFileLocation(file);
        }
        throw new UsageException(
                file + " does not exist, and its name does not say which kind of store it is to become:"
                        + " choose a name that ends in .json, or in .db, .sqlite or .sqlite3");
    }

    /** Where a JSON file keeps what belongs to it: beside the file itself, where that is reached by symbolic links. */
    static Path folder(Path file) {
        Path real = file;
        try {
            real = LinkTarget.of(file);
        } catch (IOException e) {
            // The store's own message says what is wrong with the link.
        }
        return real.resolveSibling(real.getFileName() + ".d");
    }

    private static boolean isSqliteName(Path file) {
        String name = name(file);
        return name.endsWith(".db") || name.endsWith(".sqlite") || name.endsWith(".sqlite3");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }

    final Path file() {
        return file;
    }

    final boolean exists() {
        return Files.exists(file);
    }

    @Override
    final String title() {
        return String.valueOf(file.getFileName());
    }

    @Override
    abstract void backup(Path target);

    @Override
    final boolean canRestore(StoreLocation backup) {
        return backup.getClass() == getClass();
    }

    @Override
    final void restore(StoreLocation backup, Consumer<String> notes) throws IOException {
        restoreFile((FileLocation) backup, notes);
    }

    /** Puts the state of a backup of the same kind here. */
    abstract void restoreFile(FileLocation backup, Consumer<String> notes) throws IOException;

    /** The store appears under its name once it is whole and on the disk: a process that is killed leaves no half of one. */
    @Override
    final void make(Snapshot state, Consumer<String> notes) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) || Files.exists(Path.of(file + ".d"))) {
            throw new StoreIOException(file + " exists already, and nothing is overwritten: choose another name", null);
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new StoreIOException(
                    "the directory " + parent + " does not exist: make it first. Nothing was made", null);
        }
        Path directory = Files.createTempDirectory(parent, ".heartwood-convert");
        try {
            FileLocation made = any(directory.resolve(file.getFileName()));
            try (Store store = made.open(notes)) {
                store.batch(tx -> tx.set(KeyPath.root(), state.root()));
            }
            if (!made.read(Decimals.SHORTEST, notes).sameTree(state)) {
                throw new StoreIOException(file + " would not have the same state: nothing was made", null);
            }
            // Not moved: what stands beside the name would count as a part of the store.
            made.backup(file);
        } finally {
            Directories.delete(directory);
        }
    }

    @Override
    public final String toString() {
        return file.toString();
    }
}
