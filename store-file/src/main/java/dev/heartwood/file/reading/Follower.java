package dev.heartwood.file.reading;

import dev.heartwood.Origin;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMark.FileState;
import dev.heartwood.file.journal.DurableMark.JournalState;
import dev.heartwood.storage.BackgroundTask;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.SharedLook;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows the files of a store that another program may have open: looks at them every {@value #POLL_MILLIS} ms, and
 * shows each newer durable state. It changes no file, and keeps none open between two looks, so files may be replaced,
 * moved and restored.
 *
 * <p>While a holder tells how far it is durable, its {@link DurableMark} selects the state that is shown. Without one
 * the files are read as {@link FileReader} reads them.
 */
public final class Follower {
    static final long POLL_MILLIS = 20;
    /**
     * A failure that ends sooner is not reported. Longer than {@link MarkedStateReader#LEFT_BEHIND_NANOS}: the looks
     * before the kill may have failed, too, each beside another step of the holder.
     */
    private static final long TROUBLE_NANOS = 3 * MarkedStateReader.LEFT_BEHIND_NANOS;

    /** Longer than a holder is between two steps, and than {@link MarkedStateReader#LEFT_BEHIND_NANOS}. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final StoreContext context;
    private final long patience;
    private final StoreLayout place;
    private final FileReader reader;
    private final FollowedMark marks;
    private final MarkedStateReader states;
    private final BackgroundTask task;
    private final SharedLook looks = new SharedLook();
    private final Timeline timeline;

    // Guarded by `looks`, but for the constructor.
    /** The newest state, which the timeline has, too. */
    private HashMap<String, @Nullable Object> tree;
    /** The mark that was followed to its end; null where the files alone were read. */
    private @Nullable DurableMark shown;
    /** The files as they were when they were read without a mark; null where they must be read again. */
    private @Nullable FilesSeen seen;
    /** The reason why those files cannot be read; null if they can. */
    private @Nullable IOException unreadable;
    /** Where the shown state stands in a journal; null where it stands in the file. */
    private MarkedStateReader.@Nullable Position position;
    /** The largest number of a mark so far. */
    private long number;
    /** The file when it was last found to be what the mark says, or a moment before. */
    private @Nullable FileStamp file;
    /** A mark that the files do not say, and since when. */
    private @Nullable DurableMark unsaid;

    private long unsaidSince;
    /** A mark that the file has not said for long: {@link FileReader} tells what counts then. */
    private @Nullable DurableMark outdated;

    private boolean failing;
    private boolean told;
    private long failingSince;

    /**
     * Reads the files; not looked at again before {@link #start}.
     *
     * @param patience for how many nanoseconds to try again while the holder is between two steps
     * @throws StoreException if the state of the files is unclear
     * @throws IOException if reading failed
     */
    public Follower(StoreContext context, long patience) throws IOException {
        this.context = context;
        this.place = context.place();
        // News that a reader finds were reported when the holder found them.
        this.reader = new FileReader(context.silent());
        this.states = new MarkedStateReader(context);
        this.marks = new FollowedMark(context.disk(), place);
        this.task = new BackgroundTask("heartwood follow " + place.file().getFileName(), this::poll);
        this.tree = HashMap.empty();
        this.patience = patience;
        long first = begin();
        this.timeline =
                new Timeline(first << Integer.SIZE, tree, context.format().dialect());
        this.tree = timeline.newest().root();
    }

    /** Reads the files, and goes on looking at them on a thread of its own. */
    static Follower start(StoreContext context) throws IOException {
        Follower follower = new Follower(context, PATIENCE_NANOS);
        follower.task.wake();
        return follower;
    }

    public Timeline timeline() {
        return timeline;
    }

    /** Ends the looks; one that is under way comes to its end. */
    void stop() {
        task.stop();
    }

    /** The first state. Answers the number of its journal. */
    private long begin() throws IOException {
        long end = System.nanoTime() + patience;
        for (; ; ) {
            DurableMark mark = mark();
            if (mark == null) {
                FilesSeen now = FilesSeen.in(context.disk(), place);
                FileReader.Read read = reader.read();
                // A holder that came meanwhile tells more exactly.
                if (mark() == null) {
                    tree = read.tree();
                    seen = now;
                    return read.number();
                }
                continue;
            }
            try {
                MarkedStateReader.State state = stateOf(mark);
                tree = state.tree();
                position = state.position();
                shown = mark;
                number = mark.number();
                return number;
            } catch (IOException | StoreException e) {
                if (isOutdated(mark)) {
                    continue;
                } else if (System.nanoTime() - end >= 0) {
                    throw new StoreIOException(
                            place + " cannot be followed: " + IoErrors.inWords(e)
                                    + ". No file was changed. Nothing newer is durable until the program that has the file open"
                                    + " writes it again, or, if none has, until it is opened once",
                            e);
                }
                pause(POLL_MILLIS);
            }
        }
    }

    private MarkedStateReader.State stateOf(DurableMark mark) throws IOException {
        // Before the reading: what comes later is seen by the next look.
        FileStamp before = context.disk().stamp(place.file());
        MarkedStateReader.State state = states.read(mark);
        file = before;
        unsaid = null;
        return state;
    }

    /** The mark that tells the durable state; null if the files alone do. */
    private @Nullable DurableMark mark() throws IOException {
        DurableMark mark = marks.read();
        return mark == null || mark.equals(outdated) ? null : mark;
    }

    /**
     * The file is not what this mark names. Answers whether that is so for long: then its holder is not between two steps. It was killed, or
     * somebody else has written into the file, and the mark counts no more.
     */
    private boolean isOutdated(DurableMark mark) {
        long now = System.nanoTime();
        if (!mark.equals(unsaid)) {
            unsaid = mark;
            unsaidSince = now;
        }
        if (!(mark.state() instanceof FileState) || now - unsaidSince < MarkedStateReader.LEFT_BEHIND_NANOS) {
            return false;
        }
        outdated = mark;
        return true;
    }

    /** One look, on the thread of the task; answers when the next one is due. */
    private long poll() {
        try {
            looks.take(this::look);
        } catch (StoreClosedException e) {
            task.stop();
        } catch (Throwable e) {
            // Errors are caught, too: another component may have exhausted the heap, and that must not end the
            // following for good.
            tell(Kind.TROUBLE, place + " cannot be followed for now: " + e, e);
        }
        return TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
    }

    /**
     * Shows the newest durable state as of a moment of this call, if it can be read.
     *
     * @throws IOException if it cannot, however often it is tried
     */
    void refresh() throws IOException {
        long end = System.nanoTime() + patience;
        for (; ; ) {
            try {
                looks.take(this::lookOrFail);
                return;
            } catch (StoreClosedException e) {
                throw e;
            } catch (IOException | StoreException e) {
                // Its holder is between two steps, perhaps.
                if (System.nanoTime() - end >= 0) {
                    throw e;
                }
                pause(1);
            }
        }
    }

    private void look() {
        try {
            lookOrFail();
            failing = false;
            told = false;
        } catch (IOException | StoreException e) {
            failed(e);
        }
    }

    private void failed(Exception e) {
        long now = System.nanoTime();
        if (!failing) {
            failing = true;
            failingSince = now;
        } else if (!told && now - failingSince > TROUBLE_NANOS) {
            told = true;
            tell(
                    Kind.TROUBLE,
                    place + " cannot be followed for now: " + IoErrors.inWords(e)
                            + ". What is shown is the last state that could be read; nothing was changed, and it is tried again",
                    e);
        }
    }

    private void tell(Kind kind, String message, @Nullable Throwable cause) {
        context.reporter().tell(kind, message, null, cause);
    }

    private void lookOrFail() throws IOException {
        DurableMark mark = mark();
        if (mark == null) {
            lookAtFiles();
        } else if (isAtShownFile(mark)) {
            lookForLeftBehind(mark);
            lookForEdit(mark);
        } else if (!mark.equals(shown)) {
            tellIfBack(mark);
            try {
                follow(mark);
            } catch (IOException | StoreException e) {
                if (!isOutdated(mark)) {
                    throw e;
                }
                lookAtFiles();
                return;
            }
            shown = mark;
            seen = null;
            number = mark.number();
        }
    }

    /** Whether the holder is where it was, and at most about to replace the file. */
    private boolean isAtShownFile(DurableMark mark) {
        DurableMark before = shown;
        return before != null
                && before.number() == mark.number()
                && before.opening().equals(mark.opening())
                && before.state() instanceof FileState shownFile
                && mark.state() instanceof FileState file
                && file.content().equals(shownFile.content());
    }

    /** Looks whether somebody has written into the file since it was what the mark names. */
    private void lookForEdit(DurableMark mark) throws IOException {
        if (Objects.equals(file, context.disk().stamp(place.file()))) {
            return;
        }
        try {
            MarkedStateReader.State ignored = stateOf(mark);
        } catch (IOException | StoreException e) {
            // Or its holder is about to say what it has written.
            if (isOutdated(mark)) {
                lookAtFiles();
            }
        }
    }

    private void lookForLeftBehind(DurableMark mark) throws IOException {
        FileState file = (FileState) mark.state();
        if (file.next() == null || mark.equals(shown)) {
            return;
        }
        MarkedStateReader.State left = states.readLeftBehind(mark);
        if (left != null) {
            show(left.tree(), null);
            shown = mark;
        }
    }

    /** A restored or replaced store is another one, or an earlier state of this one. */
    private void tellIfBack(DurableMark mark) {
        MarkedStateReader.Position at = position;
        boolean back = mark.number() < number || (at != null && at.isAfter(mark));
        if (back) {
            tell(
                    Kind.RECOVERED,
                    place
                            + " went back to an earlier state, or is another store now: it was restored or replaced. It is"
                            + " followed as it is",
                    null);
            // Reported once: from here on this is the store.
            number = mark.number();
            position = null;
        }
    }

    private void lookAtFiles() throws IOException {
        FilesSeen now = FilesSeen.in(context.disk(), place);
        if (now.equals(seen)) {
            if (unreadable != null) {
                throw unreadable;
            }
            return;
        }
        unreadable = null;
        shown = null;
        position = null;
        // Before the reading: unreadable files are not read again until a file changes.
        seen = now.isSettled() ? now : null;
        FileReader.Read read;
        try {
            read = reader.read();
        } catch (IOException | StoreException e) {
            unreadable = new IOException(IoErrors.inWords(e), e);
            throw unreadable;
        }
        if (mark() != null) {
            // A holder has come, and its mark tells the durable state more exactly: the next look follows it.
            seen = null;
            throw new IOException(place + " was opened by another program while it was read");
        }
        show(read.tree(), null);
    }

    private void follow(DurableMark mark) throws IOException {
        MarkedStateReader.Position at = position;
        if (at != null && at.isInJournalOf(mark)) {
            try {
                states.readOn(at, ((JournalState) mark.state()).commits(), tree, (next, origin, reached) -> {
                    show(next, origin);
                    position = reached;
                });
                return;
            } catch (NoSuchFileException e) {
                // The holder has begun another journal since it wrote this mark.
            }
        }
        MarkedStateReader.State state = stateOf(mark);
        position = state.position();
        show(state.tree(), null);
    }

    private void show(HashMap<String, @Nullable Object> next, @Nullable Origin origin) {
        Snapshot before = timeline.newest();
        if (!TreeEquality.trees(before.root(), next)) {
            long version = Math.max(before.version() + 1, number << Integer.SIZE);
            Snapshot after = origin == null ? timeline.state(version, next) : timeline.state(version, next, origin);
            tree = next;
            timeline.advance(before, after);
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the file was read", e);
        }
    }
}
