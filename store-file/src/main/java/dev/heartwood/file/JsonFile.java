package dev.heartwood.file;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.reading.Backup;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store whose tree stands in a JSON file: for people to read, and there again after a crash.
 *
 * <pre>{@code
 * try (Store store = JsonFile.open(Path.of("state.json"))) {
 *     store.merge(KeyPath.of("visits"), Long.class, 1L, Long::sum);   // durable when it returns
 * }
 * }</pre>
 *
 * <p><b>Durable.</b> Unless {@linkplain JsonFileOptions#interval chosen otherwise}, a call returns when its commit is
 * on the disk; commits that wait together share a sync. After any crash the store is as of some commit, whole, and no
 * acknowledged one is missing. Readers and watchers see only what is durable.
 *
 * <p><b>Readable.</b> The file is replaced as a whole, so it parses at every instant. Up to 64 KiB it is current with
 * each commit; above that, commits go to a journal in {@code state.json.d}, and the file follows within seconds when
 * the store rests, and at closing.
 *
 * <p><b>Yours.</b> Edit the file while the store is closed, and it opens with what you wrote. What somebody writes into
 * it while the store is open is kept as {@code state.json.external-1} and reported; the store goes on with its own. With
 * {@link JsonFileOptions#mergeEdits} it is a commit like others. {@link JsonFileOptions#follow} shows the store live in another program.
 * Nobody may read more than the file lets them.
 *
 * <p>Opaque leaves are refused; values are held in the form in which they would be read again. A value that cannot be
 * written is a {@link dev.heartwood.StoreIOException} that says why and what to do, and nothing of the commit stays;
 * where that cannot be known, it is an {@link dev.heartwood.IndeterminateCommitException}, and the store takes no more
 * commits.
 *
 * <p>Close the store when it is not needed. If the program drops it instead, with all that refers to it (listeners and
 * watchers, too), the garbage collector finds that some time later: then what was committed is written, the file is
 * closed, and a notice says so.
 *
 * <p>One store at a time has a file open, in one process: a second one is refused. {@code docs/durability.md} tells the
 * rest, how to restore by hand included.
 */
public final class JsonFile {
    private JsonFile() {}

    /**
     * Opens the store of a file; an absent file is an empty store.
     *
     * @throws dev.heartwood.StoreIOException if that is not possible, or not clear; every file is as it was, and the
     *     message says what to do
     */
    public static Store open(Path file) {
        return options().open(file);
    }

    /**
     * Copies a store to one file, also while it is open, here or in another process: all that was durable when this was
     * called, and perhaps commits that came meanwhile, up to some commit, whole. Durable when it returns. The store
     * goes on, and none of its files is changed. Opened by itself, the copy is a store as any other.
     *
     * <p>In the modes INTERVAL and MANUAL, {@link Store#flush} first if what was accepted is to be in it. The copy has
     * the mode of the file, and its owner where this process may give it away.
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
            Backup.make(file, target);
        } catch (IOException e) {
            throw new StoreIOException(
                    "cannot back up " + file + " to " + target + ": " + IoErrors.inWords(e)
                            + ". Nothing is left of the copy",
                    e);
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
         * The file was taken for what it says, which is not what the newest copy of it says: it was edited while it was
         * closed, or commits came after the copy and then a crash.
         */
        ADOPTED,
        /** Something was restored, kept or given up at opening. */
        RECOVERED,
        /** Writing failed; the message says what it means. */
        TROUBLE
    }

    /**
     * News of a file, for a log or for an operator.
     *
     * @param news of what kind
     * @param message for people
     * @param kept the file in which something was kept, or null
     * @param cause what failed, or null
     */
    public record Notice(
            News news,
            String message,
            @Nullable Path kept,
            @Nullable Throwable cause) {}
}
