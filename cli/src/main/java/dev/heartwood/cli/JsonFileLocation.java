package dev.heartwood.cli;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFileOptions;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import dev.heartwood.json.Decimals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** A store in a JSON file. */
final class JsonFileLocation extends FileLocation {
    /** More than programs usually keep, so that their history is not dropped. */
    private static final long MOST_KEPT = 64L << 20;

    JsonFileLocation(Path file) {
        super(file);
    }

    @Override
    String kind() {
        return "JSON file";
    }

    /**
     * The options for opening the file: the tool discards no history that the store's own program has chosen to keep.
     */
    JsonFileOptions options(Decimals decimals, Consumer<String> notes) {
        return JsonFile.options()
                .decimals(decimals)
                .generations(Integer.MAX_VALUE)
                .maxCommitBytes(Long.MAX_VALUE)
                .keepCommits(keepCommits())
                .onNotice(notice -> notes.accept(notice.message()));
    }

    /** If the program keeps no history of an existing store, the tool does not start one. */
    private long keepCommits() {
        return keepsCommits() && !Files.exists(folder().resolve("commits.jsonl")) ? 0 : MOST_KEPT;
    }

    @Override
    Store open(Consumer<String> notes) {
        // Exact: a number that the tool does not change stays as it is spelled in the file.
        JsonFileOptions options = options(Decimals.EXACT, notes);
        try {
            return options.open(file());
        } catch (StoreIOException e) {
            if (!canBeRead(options)) {
                throw e;
            }
            throw new StoreIOException(e.getMessage() + ". Meanwhile heartwood show can read it", e);
        }
    }

    private boolean canBeRead(JsonFileOptions options) {
        try {
            options.onNotice(notice -> {}).readOnly().open(file()).close();
            return true;
        } catch (StoreException e) {
            // The caller throws the reason why the file cannot be written.
            return false;
        }
    }

    @Override
    Store openReadOnly(Decimals decimals, Consumer<String> notes) {
        return options(decimals, notes).readOnly().open(file());
    }

    @Override
    Store follow(Consumer<String> notes) {
        return options(Decimals.SHORTEST, notes).follow().open(file());
    }

    @Override
    boolean keepsCommits() {
        return Files.isDirectory(folder());
    }

    private Path folder() {
        return folder(file());
    }

    /** Whether there is a store, though its file may be missing. */
    private boolean isThere() {
        return exists() || keepsCommits();
    }

    @Override
    History history(HistoryOptions options) {
        if (!keepsCommits()) {
            throw new StoreIOException(
                    file() + " has no folder " + file().getFileName()
                            + ".d beside it, where commits are kept: no program has opened"
                            + " it as a store yet, or the folder was moved away",
                    null);
        }
        return options.of(options(Decimals.EXACT, notice -> {}).history(file()));
    }

    @Override
    void backup(Path target) {
        JsonFile.backup(file(), target);
    }

    @Override
    String planOfRestore(StoreLocation backup) {
        return isThere()
                ? "puts the state of " + backup + " into " + file() + " as one commit. The state of now is kept as a"
                        + " generation in " + file() + ".d, and what is damaged or was edited beside it"
                : "makes " + file() + " with the state of " + backup;
    }

    @Override
    void restoreFile(FileLocation backup, Consumer<String> notes) {
        if (!isThere()) {
            backup.backup(file());
            return;
        }
        Snapshot state = backup.read(Decimals.EXACT, notes);
        // A file that cannot be opened is repaired first, and one that was edited beside commits gives way to them.
        // What
        // is replaced is preserved.
        JsonFileOptions anyway = options(Decimals.EXACT, notes).repair().takeJournal();
        try (Store store = anyway.open(file())) {
            store.batch(tx -> tx.set(KeyPath.root(), state.root()));
        }
    }

    @Override
    List<String> check(Consumer<String> notes) {
        List<String> wrong = JsonFile.check(file());
        if (wrong.isEmpty()) {
            try (Store store = openReadOnly(Decimals.EXACT, notes)) {
                notes.accept(file() + " has " + store.size() + " keys at the top level");
            }
        }
        return wrong;
    }
}
