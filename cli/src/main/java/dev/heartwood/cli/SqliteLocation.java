package dev.heartwood.cli;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import dev.heartwood.json.Decimals;
import dev.heartwood.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A store in a SQLite file. */
final class SqliteLocation extends FileLocation {
    SqliteLocation(Path file) {
        super(file);
    }

    @Override
    String kind() {
        return "SQLite file";
    }

    @Override
    Store open(Consumer<String> notes) {
        return SqliteStore.options().maxCommitBytes(Long.MAX_VALUE).open(file());
    }

    @Override
    Store openReadOnly(Decimals decimals, Consumer<String> notes) {
        return SqliteStore.options().readOnly().open(file());
    }

    @Override
    Store follow(Consumer<String> notes) {
        return openReadOnly(Decimals.SHORTEST, notes);
    }

    @Override
    boolean keepsCommits() {
        return false;
    }

    @Override
    History history(HistoryOptions options) {
        throw new StoreIOException(
                file()
                        + " is a SQLite file, which keeps the newest state and not the commits that led to it. heartwood watch "
                        + file() + " shows those that come from now on; heartwood diff compares it with a backup",
                null);
    }

    @Override
    void backup(Path target) {
        SqliteStore.backup(file(), target);
    }

    @Override
    String planOfRestore(StoreLocation backup) {
        return exists()
                ? "puts the state of " + backup + " into " + file()
                        + ". The state of now is lost; heartwood backup keeps it"
                : "makes " + file() + " with the state of " + backup;
    }

    @Override
    void restoreFile(FileLocation backup, Consumer<String> notes) {
        SqliteStore.restore(backup.file(), file());
    }

    @Override
    List<String> check(Consumer<String> notes) {
        try {
            List<String> wrong = SqliteStore.check(file());
            if (wrong.isEmpty()) {
                try (Store store = openReadOnly(Decimals.EXACT, notes)) {
                    notes.accept(file() + " has " + store.size() + " keys at the top level");
                }
            }
            return wrong;
        } catch (StoreIOException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
