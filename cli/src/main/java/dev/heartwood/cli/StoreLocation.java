package dev.heartwood.cli;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import dev.heartwood.json.Decimals;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A place where a store is, or is to be made, and the operations on a store of its kind. */
abstract class StoreLocation {
    /** The description of a parameter that names a store. */
    static final String STORE = "The store: its file, or the address of a log, such as redis://localhost:6379#orders.";

    /**
     * The store of this name, which exists.
     *
     * @throws dev.heartwood.StoreIOException if it is a file, and there is none, or it cannot be read
     */
    static StoreLocation existing(String name) {
        return existing(name, "");
    }

    /** The same; {@code advice} ends the sentence which says that the file does not exist. */
    static StoreLocation existing(String name, String advice) {
        return LogLocation.isAddress(name) ? LogLocation.existing(name) : FileLocation.existing(path(name), advice);
    }

    /**
     * The store of this name, or one that is to be made there.
     *
     * @throws UsageException if it is the name of a file that does not exist, and the name does not tell the kind
     */
    static StoreLocation any(String name) {
        return LogLocation.isAddress(name) ? LogLocation.any(name) : FileLocation.any(path(name));
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new UsageException("no file can have this name here: " + e.getReason()
                    + ". For letters beyond ASCII, run the tool with LC_ALL=C.UTF-8");
        }
    }

    /** The kind of store, for people. */
    abstract String kind();

    /** Its name for a title. */
    abstract String title();

    /** Opens it to change it; makes it where there is none. */
    abstract Store open(Consumer<String> notes);

    /** Opens it read-only. */
    abstract Store openReadOnly(Decimals decimals, Consumer<String> notes);

    /** Opens it read-only; sees the commits of others from then on. */
    abstract Store follow(Consumer<String> notes);

    /** Whether it keeps past commits that can be read later. */
    abstract boolean keepsCommits();

    /** The commits that it still has. */
    abstract History history(HistoryOptions options);

    /** Copies its state into a file that does not exist, while others may be using it. */
    abstract void backup(Path target) throws IOException;

    /** Makes it with this state; if it exists, nothing is done. It is there whole and on the disk, or not at all. */
    abstract void make(Snapshot state, Consumer<String> notes) throws IOException;

    /** Whether the state of a store can be put here by a restore. */
    abstract boolean canRestore(StoreLocation backup);

    /** The effect of a restore into this, in a sentence. */
    abstract String planOfRestore(StoreLocation backup);

    /** Puts the state of a backup here. */
    abstract void restore(StoreLocation backup, Consumer<String> notes) throws IOException;

    /** Reads the whole store, and changes nothing. Returns the problems, in words. */
    abstract List<String> check(Consumer<String> notes);

    /** The state that it has now. */
    final Snapshot read(Decimals decimals, Consumer<String> notes) {
        try (Store store = openReadOnly(decimals, notes)) {
            return store.snapshot();
        }
    }
}
