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
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.IoErrors;
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

    /** A century and more; longer ones cannot be told in nanoseconds. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    /** What an opening is for. */
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
     * A call returns at once, and its commit is durable within {@code interval}: so much may be lost in a crash, always
     * the newest commits. Callers wait only where more is undurable than {@link #backlog} allows.
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
     * A call returns at once, and its commit is durable after {@link Store#flush} or {@link Store#close}; or sooner,
     * where more is undurable than {@link #backlog} allows.
     */
    public JsonFileOptions manual() {
        return with(settings.with(Mode.MANUAL, Duration.ZERO));
    }

    /** About how many bytes of undurable commits may wait in memory; past it, callers do. 64 MiB unless said. */
    public JsonFileOptions backlog(long bytes) {
        return with(settings.withBacklogBytes(atLeast(1, bytes, "bytes")));
    }

    /**
     * How many bytes one commit may write at most, as its values stand in the file: indented, so a value deep inside
     * counts more than in a compact form. Default: 64 MiB; more than about 1 GiB is 1 GiB. A larger commit is refused
     * with an {@link dev.heartwood.UnsupportedValueException}, before it is accepted, and so is one that would make the
     * file larger than the 2 GB that can be read again; nothing is changed then.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonFileOptions maxCommitBytes(long bytes) {
        Bounds bounds = settings.bounds();
        return with(settings.withBounds(
                new Bounds(atLeast(1, bytes, "bytes"), bounds.fileBytes(), bounds.readableWithin())));
    }

    /**
     * How far the readable file may be behind what is durable, however many commits come: by then it is written anew,
     * beside them. Where that takes longer than this, one writing follows another. Default: 5 s, or 50 times what the
     * last writing took if that is longer. A small file ({@link #journalAbove}) is never behind.
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

    /**
     * Up to how many bytes the file is written at each commit; above it, a journal is, and the file follows. 64 KiB
     * unless said; 0 means always a journal.
     */
    public JsonFileOptions journalAbove(long bytes) {
        return with(settings.withJournalAbove(atLeast(0, bytes, "bytes")));
    }

    /**
     * How many bytes of the newest commits are kept in {@code state.json.d}, with author, label and time, for
     * {@link dev.heartwood.history.History#ofJournal}: so it can be asked who changed a place, also after the store was
     * closed, and after the program was killed. Default: 1 MiB; 0 keeps none. A tree of more than a quarter of this is
     * not kept.
     *
     * <p>The commits are written after they are durable, and not synced: a power cut may take the newest of them from the
     * history, which then has a gap, and from nothing else. They hold values that the file has no more, and only the
     * owner of the file may read them.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public JsonFileOptions keepCommits(long bytes) {
        return with(settings.withKeepCommits(atLeast(0, bytes, "bytes")));
    }

    /** How many older trees are kept in {@code state.json.d}: 3 unless said, at least 1. */
    public JsonFileOptions generations(int count) {
        return with(settings.withGenerations((int) atLeast(1, count, "generations")));
    }

    /**
     * Where the file was edited while it was closed, and the journal has commits that follow the file as it was: go on
     * with the file. What was committed is kept as {@code state.json.committed-1}; or the journal itself is, where the
     * tree that its commits follow is gone.
     *
     * @throws IllegalArgumentException after {@link #takeJournal}
     */
    public JsonFileOptions takeFile() {
        requireOneChoice(Conflict.TAKE_JOURNAL);
        return with(settings.withConflict(Conflict.TAKE_FILE));
    }

    /**
     * In the same case, go on with what was committed. The file as it was edited is kept as {@code
     * state.json.external-1}.
     *
     * @throws IllegalArgumentException after {@link #takeFile}
     */
    public JsonFileOptions takeJournal() {
        requireOneChoice(Conflict.TAKE_FILE);
        return with(settings.withConflict(Conflict.TAKE_JOURNAL));
    }

    /**
     * Where the file or the journal is damaged or missing, go back to the newest state that can be read. What is
     * damaged is kept as {@code state.json.corrupt-1}, and so is a journal that cannot be replayed. Without damage it
     * does nothing.
     */
    public JsonFileOptions repair() {
        return with(settings.withRepair(true));
    }

    /**
     * Reads the file, with the commits that its journal has, and changes no byte: on a full disk, in a directory that
     * may not be written to, and beside a program that has the file open. The store shows what was durable when it was
     * opened, and does not follow later commits; what a crash cut off is left out. A write is refused with a
     * {@link StoreIOException}; one that would change nothing is answered. {@link #takeFile} and {@link #takeJournal}
     * choose what is shown, and keep nothing aside; {@link #repair} does nothing. An absent file is refused.
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
     * Makes a commit of each edit by hand while the store is open: saved in place or by a rename, by an editor, {@code sed -i} or a
     * program. The commit has the author {@code file}; watchers and {@link Store#await} hear of it within about 200 ms, guards
     * apply, and then the file is written again, sorted and pretty. While nobody edits, this costs a stat every 40 ms and for each commit.
     *
     * <p>An edit is the difference between the file as it was last written and as it was saved. Only the places that it changes are
     * changed; if one of them was changed in the store since, in another way, nothing of the edit is taken: the whole of it is kept as
     * {@code state.json.external-1} and {@link #onNotice} is told (EXTERNAL_EDIT). The same holds where a guard or a limit refuses it. A list
     * is one place; but what was only appended on both sides is all kept, the store's first. An editor that shows an older
     * version of the file and saves it anyway puts the older values back: for such an edit they are what was typed.
     *
     * <p>A text that is no JSON is left alone for so long: an editor may be writing it. Commits go to the journal meanwhile, and
     * the file is written again when the text was completed and taken, or is moved to {@code external-1} after that time. A crash
     * in between loses nothing: the next opening with this option merges the two. Ignored by {@link #readOnly} and {@link #follow}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonFileOptions mergeEdits(Duration patience) {
        if (Objects.requireNonNull(patience, "patience must not be null").isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("expected a time of more than zero, not " + DurationText.of(patience));
        }
        return with(settings.withMergeEdits(patience));
    }

    /** Open the file on a network file system, too: you vouch that its locks and syncs are honest. */
    public JsonFileOptions allowNetworkFileSystem() {
        return with(settings.withNetworkFileSystems(true));
    }

    /** How numbers with a point or an exponent are read; {@link Decimals#SHORTEST} unless said. */
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
     * The listener that is told of external edits, recoveries and failures; logged unless said. Called on the thread
     * that writes the file: be quick, and do not write to the store.
     */
    public JsonFileOptions onNotice(Consumer<? super Notice> told) {
        return new JsonFileOptions(
                settings, decimals, store, access, Objects.requireNonNull(told, "listener must not be null"));
    }

    /**
     * Opens the store of a file, as {@link JsonFile#open}.
     *
     * @throws StoreIOException if that is not possible, or not clear; every file is as it was
     */
    public Store open(Path file) {
        Objects.requireNonNull(file, "file must not be null");
        try {
            TreeFormat format = format();
            // Asked before a file is written: an opening that a guard refuses changes none.
            Settings checked = settings.withCheck(tree -> store.requireGuardsHold(tree, format.dialect()));
            Root root = switch (access) {
                case WRITE -> FileRoot.open(file, format, checked, this::tell);
                case READ_ONLY -> ReadOnlyRoot.open(file, format, settings, this::tell);
                case FOLLOW -> FollowingRoot.open(file, format, settings, this::tell);
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
                                            + (access != Access.WRITE ? "" : "; until then readOnly() may show it")),
                    e);
        }
    }

    /** The store over a root, which is closed if it can have none. */
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
            // An error, too: the thread that writes the file must outlive every listener.
            log(new Notice(News.TROUBLE, "a listener of notices failed at: " + message, kept, e));
        }
    }

    private static void log(Notice notice) {
        Logger logger = System.getLogger("dev.heartwood.file");
        boolean usual = notice.news() == News.PROGRESS || notice.news() == News.ADOPTED;
        Level level = usual ? Level.INFO : Level.WARNING;
        logger.log(level, notice.message(), notice.cause());
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

    /** Some file systems, such as /proc, answer a directory that they cannot make with: no such file. */
    private static String inWords(IOException e, Path file) {
        return e instanceof NoSuchFileException missing
                        && missing.getFile() != null
                        && missing.getFile().endsWith(file.getFileName() + ".d")
                ? "the directory " + missing.getFile() + ", in which the store keeps its journal, cannot be made"
                : IoErrors.inWords(e);
    }
}
