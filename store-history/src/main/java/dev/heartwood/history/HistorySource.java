package dev.heartwood.history;

import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Reads the commits that the files of one kind of durable store still have. Found by {@link ServiceLoader}: the module
 * of the store provides one, for example {@code heartwood-file} for JSON files.
 */
public interface HistorySource {
    /** Whether the file is of a store of this kind. Must not throw for a file of another kind. */
    boolean canRead(Path file);

    /**
     * Reads the commits, oldest first. No file is changed.
     *
     * @throws StoreIOException if the files cannot be read, or their content is ambiguous
     */
    RecordedCommits read(Path file);

    /**
     * Reads a file with the first source that can; the file itself may be missing, where other files of the store are there.
     *
     * @throws StoreIOException if there is no such store, if none can read it, or if the source cannot
     */
    static RecordedCommits readAny(Path file) {
        for (HistorySource source : ServiceLoader.load(HistorySource.class)) {
            if (source.canRead(file)) {
                return source.read(file);
            }
        }
        if (!Files.exists(file)) {
            throw new StoreIOException("there is no history of " + file + ": there is no such file", null);
        }
        throw new StoreIOException(
                "no history can be read from " + file
                        + ": no store was opened there yet, its folder (" + file.getFileName()
                        + ".d) is not beside it, or no"
                        + " module on the path can read its kind of store. For a JSON file, add heartwood-file; of other"
                        + " stores, record the history while they are open",
                null);
    }
}
