package dev.heartwood.file;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.StoreOptions;
import dev.heartwood.file.JsonFile.News;
import dev.heartwood.file.JsonFile.Notice;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.Settings.Bounds;
import dev.heartwood.file.context.Settings.Conflict;
import dev.heartwood.file.context.Settings.Mode;
import dev.heartwood.file.reading.FollowingRoot;
import dev.heartwood.file.reading.ReadOnlyRoot;
import dev.heartwood.history.History;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.SafeLog;
import dev.heartwood.storage.Uninterrupted;
import dev.heartwood.tree.DurationText;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options of a {@link JsonFile}. Each method gives new options; immutable. */
public final class JsonFileOptions {
    static final JsonFileOptions DEFAULT = new JsonFileOptions(
            Settings.DEFAULT, Decimals.SHORTEST, Store.options(), Access.WRITE, JsonFileOptions::log);

    /** More than a century. A {@code long} cannot hold longer durations in nanoseconds. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    /** The purpose of an opening. */
    private enum Access {
        WRITE,
        READ_ONLY,
        FOLLOW
    }

    private final Settings settings;
    private final Decimals decimals;
    private final StoreOptions store;
    private final Access access;
    private final Consumer<? super Notice> listener;

    private JsonFileOptions(
            Settings settings,
            Decimals decimals,
            StoreOptions store,
            Access access,
            Consumer<? super Notice> listener) {
        this.settings = settings;
        this.decimals = decimals;
        this.store = store;
        this.access = access;
        this.listener = listener;
    }

    /** A call returns when its commit is durable: the default. */
    public JsonFileOptions sync() {
        return with(settings.with(Mode.SYNC, Duration.ZERO));
    }

    /**
     * A call returns at once, and its commit is durable within {@code interval}. A crash may lose the newest commits of
     * that time, and no others. Callers wait only while the undurable commits exceed {@link #backlog}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonFileOptions interval(Duration interval) {
        if (Objects.requireNonNull(interval, "interval must not be null").isNegative() || interval.isZero()) {
            throw new IllegalArgumentException(
                    "expected an interval of more than zero, not " + DurationText.of(interval));
        }
        return with(settings.with(Mode.INTERVAL, interval.compareTo(LONGEST) > 0 ? LONGEST : interval));
    }

    /**
     * A call returns at once, and its commit is durable after {@link Store#flush} or {@link Store#close}; or sooner, if
     * the undurable commits exceed {@link #backlog}.
     */
    public JsonFileOptions manual() {
        return with(settings.with(Mode.MANUAL, Duration.ZERO));
    }

    /**
     * The approximate number of bytes of undurable commits that may wait in memory. Beyond it, callers wait. Default:
     * 64 MiB.
     */
    public JsonFileOptions backlog(long bytes) {
        return with(settings.withBacklogBytes(atLeast(1, bytes, "bytes")));
    }

    /**
     * The largest number of bytes that one commit may write, counted as its values stand in the file: indented, so a
     * deep value counts more than in a compact form. Default: 64 MiB; more than about 1 GiB is 1 GiB. A larger commit
     * is refused with an {@link dev.heartwood.UnsupportedValueException}, before it is accepted, and so is one that
     * would make the file larger than the 2 GB that can be read again; nothing is changed then.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonFileOptions maxCommitBytes(long bytes) {
        Bounds bounds = settings.bounds();
        return with(settings.withBounds(
                new Bounds(atLeast(1, bytes, "bytes"), bounds.fileBytes(), bounds.readableWithin())));
    }

    /**
     * The longest time that the readable file may lag behind the newest durable commit, at any rate of commits. Within
     * that time the file is written again, beside the commits. If a write takes longer than that, the next one follows
     * at once. Default: 5 s, or 50 times the duration of the last write if that is longer. A small file
     * ({@link #journalAbove}) is never behind.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonFileOptions readableWithin(Duration age) {
        if (Objects.requireNonNull(age, "age must not be null").isNegative() || age.isZero()) {
            throw new IllegalArgumentException("expected an age of more than zero, not " + DurationText.of(age));
        }
        Bounds bounds = settings.bounds();
        return with(settings.withBounds(new Bounds(bounds.commitBytes(), bounds.fileBytes(), age)));
    }

    /** How long no commit must come before the readable file is written. Default: 1 s. */
    JsonFileOptions rest(Duration time) {
        return with(settings.withRest(time));
    }

    /**
     * The largest size in bytes at which each commit writes the file itself. Above it, commits go to a journal, and the
     * file follows. Default: 64 KiB. With 0 there is always a journal.
     */
    public JsonFileOptions journalAbove(long bytes) {
        return with(settings.withJournalAbove(atLeast(0, bytes, "bytes")));
    }

    /**
     * The number of bytes of the newest commits that are kept in {@code state.json.d}, with author, label and time, for
     * {@link dev.heartwood.history.History#ofJournal}. The history names the author of each change, also after the
     * store was closed, and after the program was killed. Default: 1 MiB; 0 keeps none. A tree of more than a quarter
     * of this is not kept.
     *
     * <p>The commits are written after they are durable, and not synced: a power cut may take the newest of them from
     * the history, which then has a gap, and from nothing else. They hold values that the file has no more, and only
     * the owner of the file may read them.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public JsonFileOptions keepCommits(long bytes) {
        return with(settings.withKeepCommits(atLeast(0, bytes, "bytes")));
    }

    /** The number of older trees that are kept in {@code state.json.d}. Default: 3; minimum: 1. */
    public JsonFileOptions generations(int count) {
        return with(settings.withGenerations((int) atLeast(1, count, "generations")));
    }

    /**
     * Where the file was edited while it was closed, and the journal has commits that follow the file as it was: go on
     * with the file. The committed tree is kept as {@code state.json.committed-1}; if the tree that the commits follow
     * is gone, the journal itself is kept under that name.
     *
     * @throws IllegalArgumentException after {@link #takeJournal}
     */
    public JsonFileOptions takeFile() {
        requireOneChoice(Conflict.TAKE_JOURNAL);
        return with(settings.withConflict(Conflict.TAKE_FILE));
    }

    /**
     * In the same case, go on with the committed tree. The file as it was edited is kept as
     * {@code state.json.external-1}.
     *
     * @throws IllegalArgumentException after {@link #takeFile}
     */
    public JsonFileOptions takeJournal() {
        requireOneChoice(Conflict.TAKE_FILE);
        return with(settings.withConflict(Conflict.TAKE_JOURNAL));
    }

    /**
     * Where the file or the journal is damaged or missing, go back to the newest state that can be read. The damaged
     * file is kept as {@code state.json.corrupt-1}, and so is a journal that cannot be replayed. Without damage it does
     * nothing.
     */
    public JsonFileOptions repair() {
        return with(settings.withRepair(true));
    }

    /**
     * Reads the file, with the commits that its journal has, and changes no byte: on a full disk, in a directory that
     * may not be written to, and beside a program that has the file open. The store shows the state that was durable
     * when it was opened, and does not follow later commits. A line that a crash cut off is left out. A write is
     * refused with a {@link StoreIOException}; a write that changes nothing succeeds. {@link #takeFile} and
     * {@link #takeJournal} choose the state that is shown, and keep nothing aside; {@link #repair} does nothing. An
     * absent file is refused.
     */
    public JsonFileOptions readOnly() {
        return new JsonFileOptions(settings, decimals, store, Access.READ_ONLY, listener);
    }

    /**
     * Opens as {@link #readOnly}, and then follows the program that has the file open, live: its commits are shown, and heard of by
     * {@link Store#watch} and {@link Store#await}, some milliseconds after they are durable there, and never before. Looks at
     * the files every 20 ms, through checkpoints, restarts, {@link #repair} and restored or replaced files. Works on a full disk
     * and on a read-only mount, beside any number of followers, and in the holder's own process.
     *
     * <p>Commits to a journal are shown one by one; of a small file that is written at each commit, states in between may be left
     * out. {@link Store#fresh} looks at once. {@link Store#version} is a number of this store's own. An edit by hand is not
     * shown until the program that has the file open takes it or writes the file anew; while none has, the file is shown as it is. While
     * the files cannot be read, the last state stays, and {@link #onNotice} is told (TROUBLE); so it is where a store went back to an
     * earlier state (RECOVERED). A listener of {@code watch} with a direct executor runs on the thread that looks.
     */
    public JsonFileOptions follow() {
        return new JsonFileOptions(settings, decimals, store, Access.FOLLOW, listener);
    }

    /** {@link #mergeEdits(Duration)} with five seconds. */
    public JsonFileOptions mergeEdits() {
        return mergeEdits(Duration.ofSeconds(5));
    }

    /**
     * Makes a commit of each edit by hand while the store is open: saved in place or by a rename, by an editor,
     * {@code sed -i} or a program. The commit has the author {@code file}; watchers and {@link Store#await} hear of it
     * within about 200 ms, guards apply, and then the file is written again, sorted and pretty. While nobody edits,
     * this costs a stat every 40 ms and for each commit.
     *
     * <p>An edit is the difference between the file as it was last written and as it was saved. Only the places that it
     * changes are changed; if one of them was changed in the store since, in another way, nothing of the edit is taken:
     * the whole of it is kept as {@code state.json.external-1} and {@link #onNotice} is told (EXTERNAL_EDIT). The same
     * holds where a guard or a limit refuses it. A list is one place; but if both sides have only appended to it, all
     * appended elements are kept, the store's first. An editor that shows an older version of the file and saves it
     * anyway puts the older values back: the merge cannot tell such an edit from a typed one.
     *
     * <p>A text that is no JSON is left alone for this time: an editor may be writing it. Commits go to the journal
     * meanwhile, and the file is written again when the text was completed and taken, or is moved to {@code external-1}
     * after that time. A crash in between loses nothing: the next opening with this option merges the two. Ignored by
     * {@link #readOnly} and {@link #follow}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonFileOptions mergeEdits(Duration patience) {
        if (Objects.requireNonNull(patience, "patience must not be null").isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("expected a time of more than zero, not " + DurationText.of(patience));
        }
        return with(settings.withMergeEdits(patience));
    }

    /** Allows a file on a network file system. The caller guarantees that its locks and syncs work. */
    public JsonFileOptions allowNetworkFileSystem() {
        return with(settings.withNetworkFileSystems(true));
    }

    /** How numbers with a point or an exponent are read. Default: {@link Decimals#SHORTEST}. */
    public JsonFileOptions decimals(Decimals choice) {
        return new JsonFileOptions(
                settings, Objects.requireNonNull(choice, "decimals must not be null"), store, access, listener);
    }

    /** Options that every store has. */
    public JsonFileOptions store(StoreOptions options) {
        return new JsonFileOptions(
                settings, decimals, Objects.requireNonNull(options, "options must not be null"), access, listener);
    }

    /**
     * The listener for external edits, recoveries and failures. Default: they are logged. The listener runs on the
     * store's writer thread: it must be quick, and must not write to the store.
     */
    public JsonFileOptions onNotice(Consumer<? super Notice> told) {
        return new JsonFileOptions(
                settings, decimals, store, access, Objects.requireNonNull(told, "listener must not be null"));
    }

    /**
     * Opens the store of a file, as {@link JsonFile#open}.
     *
     * @throws StoreIOException if the file cannot be opened, or its state is unclear; every file is as it was
     */
    public Store open(Path file) {
        Objects.requireNonNull(file, "file must not be null");
        try {
            TreeFormat format = format();
            // The guards are asked before any file is written: a refused opening changes none.
            Settings checked = settings.withCheck(tree -> store.requireGuardsHold(tree, format.dialect()));
            Root root = switch (access) {
                case WRITE -> FileRoot.open(file, format, checked, this::tell);
                case READ_ONLY -> Uninterrupted.run(() -> ReadOnlyRoot.open(file, format, settings, this::tell));
                case FOLLOW -> Uninterrupted.run(() -> FollowingRoot.open(file, format, settings, this::tell));
            };
            Store opened = overOrClose(root);
            if (root instanceof FileRoot live) {
                live.mergeEdits(opened);
            }
            return opened;
        } catch (IOException e) {
            throw new StoreIOException(
                    "cannot open " + file + ": " + inWords(e, file)
                            + (e instanceof AccessDeniedException
                                    ? ". Run the program as a user who may do that, or have the owner allow it (chmod)"
                                    : ". Open it again when the cause is gone"
                                            + (access != Access.WRITE || settings.repair()
                                                    ? ""
                                                    : "; until then readOnly() may show it")),
                    e);
        }
    }

    /**
     * The commits that the files of a store still have, as {@link History#ofJournal} reads them, but with decimals as these options
     * read them. The other options do not matter.
     *
     * @param file the file that the store was opened with
     * @throws StoreIOException if the files cannot be read, or their content is ambiguous
     */
    public History history(Path file) {
        return History.of(JsonFileHistory.read(Objects.requireNonNull(file, "file must not be null"), format()));
    }

    /** The store over a root. If there can be no store, the root is closed. */
    private Store overOrClose(Root root) {
        try {
            return store.over(root);
        } catch (Throwable e) {
            root.close();
            throw e;
        }
    }

    TreeFormat format() {
        return Json.options().decimals(decimals).treeFormat();
    }

    private void tell(Reporter.Kind kind, String message, @Nullable Path kept, @Nullable Throwable cause) {
        Notice notice = new Notice(News.valueOf(kind.name()), message, kept, cause);
        try {
            listener.accept(notice);
        } catch (Throwable e) {
            // Errors are caught, too: the writer thread must survive every listener.
            log(new Notice(News.TROUBLE, "a listener of notices failed at: " + message, kept, e));
        }
    }

    private static void log(Notice notice) {
        Logger logger = System.getLogger("dev.heartwood.file");
        boolean usual = notice.news() == News.PROGRESS || notice.news() == News.ADOPTED;
        Level level = usual ? Level.INFO : Level.WARNING;
        SafeLog.log(logger, level, notice.message(), notice.cause());
    }

    private JsonFileOptions with(Settings choice) {
        return new JsonFileOptions(choice, decimals, store, access, listener);
    }

    private static long atLeast(long least, long value, String what) {
        if (value < least) {
            throw new IllegalArgumentException("expected at least " + least + " " + what + ", not " + value);
        }
        return value;
    }

    private void requireOneChoice(Conflict other) {
        if (settings.conflict() == other) {
            throw new IllegalArgumentException(
                    "takeFile() and takeJournal() contradict each other: choose one of them");
        }
    }

    /** Some file systems, such as /proc, report "no such file" for a directory that they cannot make. */
    private static String inWords(IOException e, Path file) {
        return e instanceof NoSuchFileException missing
                        && missing.getFile() != null
                        && missing.getFile().endsWith(file.getFileName() + ".d")
                ? "the directory " + missing.getFile() + ", in which the store keeps its journal, cannot be made"
                : IoErrors.inWords(e);
    }
}
