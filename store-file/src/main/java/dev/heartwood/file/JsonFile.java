package dev.heartwood.file;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.reading.Backup;
import dev.heartwood.file.reading.FileCheck;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.Uninterrupted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps its tree in a JSON file, which people can read and which survives a crash.
 *
 * <pre>{@code
 * try (Store store = JsonFile.open(Path.of("state.json"))) {
 *     store.merge(KeyPath.of("visits"), Long.class, 1L, Long::sum);   // durable when it returns
 * }
 * }</pre>
 *
 * <p><b>Durable.</b> Unless {@linkplain JsonFileOptions#interval another mode} is chosen, a call returns when its
 * commit is on the disk; commits that wait together share a sync. After any crash the store is as of some commit,
 * whole, and no acknowledged one is missing. Readers and watchers see only durable states.
 *
 * <p><b>Readable.</b> The file is replaced as a whole, so it parses at every instant. Up to 64 KiB it is current with
 * each commit; above that, commits go to a journal in {@code state.json.d}, and the file follows within seconds when
 * the store rests, and at closing.
 *
 * <p><b>Yours.</b> Edit the file while the store is closed, and the next opening takes your edit. An edit made while
 * the store is open is kept as {@code state.json.external-1} and reported; the store keeps its own tree. With
 * {@link JsonFileOptions#mergeEdits} it is a commit like others. {@link JsonFileOptions#follow} shows the store live in
 * another program. No file of the store is readable for users that may not read {@code state.json}.
 *
 * <p>Opaque leaves are refused; values are held in the form in which they would be read again. If a value cannot be
 * written, the commit throws a {@link dev.heartwood.StoreIOException}, whose message names the reason and the remedy,
 * and is rolled back as a whole. If the outcome is unknown, the commit throws an
 * {@link dev.heartwood.IndeterminateCommitException}, and the store takes no more commits.
 *
 * <p>Close the store when it is not needed. If the program drops it instead, with all that refers to it (listeners and
 * watchers, too), the garbage collector finds the store some time later: then its commits are written, the file is
 * closed, and a notice reports it.
 *
 * <p>One store at a time has a file open, in one process: a second one is refused. {@code docs/durability.md} has the
 * details, and explains how to restore by hand.
 */
public final class JsonFile {
    private JsonFile() {}

    /**
     * Opens the store of a file; an absent file is an empty store.
     *
     * @throws dev.heartwood.StoreIOException if the file cannot be opened, or its state is unclear; every file is as it
     *     was, and the message names the remedy
     */
    public static Store open(Path file) {
        return options().open(file);
    }

    /**
     * Copies a store to one file, also while it is open, here or in another process: every commit that was durable when
     * this was called, and perhaps later ones, up to some commit, whole. Durable when it returns. The store goes on,
     * and none of its files is changed. The copy can be opened by itself as a complete store.
     *
     * <p>In the modes INTERVAL and MANUAL, call {@link Store#flush} first if the copy must contain every accepted
     * commit. The copy has the mode of the file, and its owner where this process may give it away.
     *
     * @param file the file of the store
     * @param target the file to make; neither it nor a {@code .d} beside it may be there
     * @throws dev.heartwood.StoreIOException if something is there already, or the store cannot be read, or the copy
     *     cannot be written; nothing is left then
     */
    public static void backup(Path file, Path target) {
        Objects.requireNonNull(file, "file must not be null");
        Objects.requireNonNull(target, "target must not be null");
        try {
            Uninterrupted.run(() -> {
                Backup.make(file, target);
                return target;
            });
        } catch (IOException e) {
            throw new StoreIOException(
                    "cannot back up " + file + " to " + target + ": " + IoErrors.inWords(e)
                            + ". Nothing is left of the copy",
                    e);
        }
    }

    /**
     * Reads all of a store, also while it is open, here or in another process: the file, its journal and its copies; and verifies
     * them by their checksums. Changes nothing.
     *
     * @param file the file of the store
     * @return the faults, in words: what keeps the store from being opened, commits that are lost, and copies that cannot be
     *     used; empty if there are none
     * @throws dev.heartwood.StoreIOException if there is no store, or its files cannot be read
     */
    public static List<String> check(Path file) {
        Objects.requireNonNull(file, "file must not be null");
        try {
            return Uninterrupted.run(() -> FileCheck.of(file, options().format()));
        } catch (IOException e) {
            throw new StoreIOException(
                    "cannot check " + file + ": " + IoErrors.inWords(e) + ". Nothing was changed", e);
        }
    }

    /** The default options; each default stands with its method in {@link JsonFileOptions}. */
    public static JsonFileOptions options() {
        return JsonFileOptions.DEFAULT;
    }

    /** The kinds of news about a file. */
    public enum News {
        /** Somebody else changed the file while it was open. */
        EXTERNAL_EDIT,
        /** A long recovery is under way. */
        PROGRESS,
        /**
         * The file was opened as it is, and it differs from its newest copy: either it was edited while it was closed,
         * or commits followed the copy and then a crash came.
         */
        ADOPTED,
        /** Something was restored, kept or given up at opening. */
        RECOVERED,
        /** A write failed; the message explains the consequences. */
        TROUBLE
    }

    /**
     * News of a file, for a log or for an operator.
     *
     * @param news the kind of the news
     * @param message for people
     * @param kept the file in which something was kept, or null
     * @param cause the failure, or null
     */
    public record Notice(
            News news,
            String message,
            @Nullable Path kept,
            @Nullable Throwable cause) {}
}
