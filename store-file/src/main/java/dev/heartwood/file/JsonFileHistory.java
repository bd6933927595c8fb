package dev.heartwood.file;

import dev.heartwood.StoreIOException;
import dev.heartwood.file.reading.FileHistory;
import dev.heartwood.history.HistorySource;
import dev.heartwood.history.RecordedCommits;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.Uninterrupted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The past of a JSON file's store, as far as its files still have it, for {@code History.ofJournal}, with author, label
 * and time. That is the log of the newest commits (see {@link JsonFileOptions#keepCommits}), with the versions that the
 * store gave. Where the log is absent or lacks commits of the journal, the history is the kept generations, each after
 * a gap, and the commits of the newest journal one by one; the versions are numbers of this reading then.
 */
public final class JsonFileHistory implements HistorySource {
    /** For {@link java.util.ServiceLoader}. */
    public JsonFileHistory() {}

    @Override
    public boolean canRead(Path file) {
        return FileHistory.canRead(file);
    }

    @Override
    public RecordedCommits read(Path file) {
        return read(file, JsonFile.options().format());
    }

    static RecordedCommits read(Path file, TreeFormat format) {
        try {
            return Uninterrupted.run(() -> FileHistory.read(file, format));
        } catch (IOException e) {
            throw new StoreIOException(
                    "cannot read the history of " + file + ": " + IoErrors.inWords(e) + ". No file was changed", e);
        }
    }
}
