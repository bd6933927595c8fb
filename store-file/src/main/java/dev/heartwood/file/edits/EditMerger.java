package dev.heartwood.file.edits;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Commit;
import dev.heartwood.GuardException;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Origin;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits.Text;
import dev.heartwood.file.edits.HandEdits.Verdict;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.Utf8Check;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.BackgroundTask;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes commits of edits that are written into the file while the store is open. A thread of its own looks at the file
 * every {@value #POLL_MILLIS} ms; while nobody writes that is one stat.
 *
 * <p>A foreign text stays in the file until it is settled: merged by a commit that is durable, or refused, or found to
 * be no tree for longer than it may be. Until then commits go to the journal, so that the editor that wrote a part of
 * it can write the rest. {@code TreeFile} asks {@link HandEdits} before it replaces the file.
 */
public final class EditMerger {
    static final long POLL_MILLIS = 40;
    public static final String AUTHOR = "file";
    private static final String LABEL = "edited by hand, sha256:";

    /**
     * A program that saves an edit has read its base at most so long before. A person takes longer: for a person the
     * base is the text that stands in the file.
     */
    static final long READ_TO_SAVE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final Reporter reporter;
    private final HandEdits edits;
    private final long patience;
    private final LongPredicate isDurable;
    private final LongConsumer awaitDurable;
    private final Runnable noticed;
    private final Runnable settled;
    private final WeakReference<Store> store;
    private final BackgroundTask task;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    /** The file at the last look, if it was none of ours. */
    private @Nullable FileStamp last;

    private boolean failing;
    private boolean foreign;
    private long foreignSince;
    /** The newest text of ours that was compared with the file after the clock of the file system had ticked. */
    private @Nullable Text verified;
    /** The text in the file is merged by a commit of this version; null if it is not. */
    private @Nullable Verdict merged;

    private long mergedVersion;
    /** The last reported outcome of a text, and the time of the report. */
    private @Nullable Verdict told;

    private long settledAt;

    /**
     * A merger of edits, which {@link #start} starts; the settings must say that edits are merged.
     *
     * @param store whose commits the edits become; dropped when nothing else refers to it
     * @param isDurable whether a version of it is durable
     * @param awaitDurable waits until a version is durable, or cannot be for now
     * @param noticed told while the file is not ours and the writer does not wait for the edit yet: what it held may
     *     stand nowhere else
     * @param settled told when the file may be written again
     */
    public EditMerger(
            StoreContext context,
            HandEdits edits,
            Store store,
            LongPredicate isDurable,
            LongConsumer awaitDurable,
            Runnable noticed,
            Runnable settled) {
        Duration chosen = requireNonNull(context.settings().mergeEdits());
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.reporter = context.reporter();
        this.edits = edits;
        this.patience = chosen.compareTo(Duration.ofDays(1)) > 0 ? TimeUnit.DAYS.toNanos(1) : chosen.toNanos();
        this.isDurable = isDurable;
        this.awaitDurable = awaitDurable;
        this.noticed = noticed;
        this.settled = settled;
        this.store = new WeakReference<>(store);
        this.task = new BackgroundTask("heartwood edits " + place.file().getFileName(), this::poll);
    }

    public void start() {
        task.wake();
    }

    /** Whether the JSON of a commit may be that of a merge: a quick look, since most are none. */
    public static boolean mayBeMerge(String json) {
        return json.contains(LABEL);
    }

    /** Whether a commit is the merge of an edit, by its author and label. */
    public static boolean isMerge(Origin commit) {
        return AUTHOR.equals(commit.author())
                && commit.label() != null
                && commit.label().startsWith(LABEL);
    }

    /** Whether a commit is the merge of this text. */
    public static boolean isMergeOf(Origin commit, ContentDigest text) {
        return isMerge(commit) && (LABEL + text.sha256()).equals(commit.label());
    }

    /** Before the store is closed: takes an edit that was saved just now, and ends. */
    public void finish() {
        task.stop();
        if (lock.isHeldByCurrentThread()) {
            // A listener of the very commit that merges closes the store.
            return;
        }
        lock.lock();
        try {
            look();
            if (foreign) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
                look();
            }
            if (merged != null && !isDurable.test(mergedVersion)) {
                awaitDurable.accept(mergedVersion);
                // Twice: the write gave the file a second name, so that its stamp is another one now.
                look();
                look();
            }
        } catch (IOException | StoreException | StoreClosedException e) {
            // The text in the file is kept aside at closing.
        } finally {
            lock.unlock();
        }
    }

    private long poll() {
        if (store.get() == null) {
            // Dropped: the writer thread ends as at closing.
            task.stop();
            return 0;
        }
        lock.lock();
        try {
            look();
            failing = false;
        } catch (StoreClosedException | IndeterminateCommitException e) {
            // No more commits: the text in the file is kept aside, if the file is ever written again.
            task.stop();
        } catch (Throwable e) {
            // For example, a full disk or an exhausted heap. The text stays where it is, and this is tried again.
            failed(e);
            return RETRY_NANOS;
        } finally {
            lock.unlock();
        }
        return TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
    }

    private void failed(Throwable e) {
        last = null;
        if (!failing) {
            failing = true;
            reporter.tell(
                    Reporter.Kind.TROUBLE,
                    "what is written into " + place + " by hand cannot be merged for now: " + IoErrors.inWords(e)
                            + ". It stays in the file, commits go to the journal, and it is tried again",
                    null,
                    e);
        }
    }

    private void look() throws IOException {
        FileStamp now = disk.stamp(place.file());
        if (now == null) {
            makeWriterWait();
            settleOnce("it was deleted");
        } else if (edits.isOurs(now) && isVerified(now)) {
            isOurs();
        } else {
            noticed();
            Disk.Attributes found = disk.attributes(place.file());
            if (found == null || found.kind() != Disk.Kind.FILE) {
                settleOnce("it is no regular file any more");
                return;
            }
            if (!edits.isOurs(now)) {
                makeWriterWait();
            }
            if (!now.equals(last)) {
                // The file is at rest when two looks find the same stamp.
                last = now;
                return;
            }
            byte[] text = disk.bytes(place.file());
            if (now.equals(disk.stamp(place.file()))) {
                lookAt(text, now);
            } else {
                last = null;
            }
        }
    }

    /** There is no text that could be merged: settled if that stays so. */
    private void settleOnce(String why) {
        noticed();
        last = null;
        if (System.nanoTime() - foreignSince > patience) {
            settle(new Verdict(null, null, why));
        }
    }

    private void isOurs() {
        foreign = false;
        last = null;
        merged = null;
        if (edits.isWaiting()) {
            // The text that the writer thread saw was gone before a look here could find it.
            settled.run();
        }
    }

    private void noticed() {
        if (!foreign) {
            foreign = true;
            foreignSince = System.nanoTime();
        }
    }

    /** Told at each look until it is done: an editor that saves in place has begun with cutting our text off. */
    private void makeWriterWait() {
        if (!edits.isWaiting()) {
            noticed.run();
        }
    }

    /**
     * Whether an equal stamp proves that it is our text. A write by somebody else within the same tick of the file system's clock leaves
     * the same stamp, so each text that stands for longer than that is read once.
     */
    private boolean isVerified(FileStamp now) {
        Text newest = edits.newest();
        return !newest.hasStamp(now) || newest == verified || Math.abs(HandEdits.now() - now.modified()) <= TICK_NANOS;
    }

    private void lookAt(byte[] text, FileStamp stamp) throws IOException {
        Verdict known =
                merged != null && HandEdits.isSame(merged.stamp(), stamp) ? merged : edits.verdict(disk, place.file());
        if (known != null) {
            // The merge was not durable yet; or the file could not be written when it was settled.
            if (known.refusal() != null || isDurable.test(mergedVersion)) {
                settle(known);
            }
            return;
        }
        Text newest = edits.newest();
        if (newest.content.is(text)) {
            // Touched, perhaps.
            newest.restamp(stamp);
            verified = newest;
            isOurs();
        } else {
            merge(ContentDigest.of(text), text, stamp);
        }
    }

    private void merge(ContentDigest content, byte[] text, FileStamp stamp) {
        HashMap<String, @Nullable Object> theirs;
        try {
            Utf8Check.require(text);
            theirs = format.read(text);
        } catch (StoreException e) {
            makeWriterWait();
            if (System.nanoTime() - foreignSince > patience) {
                settle(new Verdict(content, stamp, "it cannot be read: " + e.getMessage()));
            }
            return;
        }
        Text base = base(theirs, stamp);
        if (base == null) {
            settle(new Verdict(
                    content, stamp, "it is what the file said some commits ago, saved again while those came"));
            return;
        }
        Store open = store.get();
        if (open == null) {
            task.stop();
            return;
        }
        try {
            ThreeWayMerge merge = new ThreeWayMerge(base.tree, theirs, false);
            Commit commit = open.as(AUTHOR).batch(tx -> {
                tx.label(LABEL + content.sha256());
                merge.into(tx);
            });
            // An editor may read this text before it is written anew, and save an edit of it.
            edits.stands(new Text(content, theirs, null));
            merged = new Verdict(content, stamp, null);
            mergedVersion = commit.after().version();
            if (isDurable.test(mergedVersion)) {
                settle(merged);
            }
        } catch (ThreeWayMerge.Conflict e) {
            settle(new Verdict(content, stamp, "it changes what was changed here, too, " + e.getMessage()));
        } catch (GuardException | UnsupportedValueException e) {
            settle(new Verdict(content, stamp, "it is refused: " + e.getMessage()));
        } catch (StoreIOException | IndeterminateCommitException e) {
            throw e;
        } catch (StoreException e) {
            settle(new Verdict(content, stamp, "it cannot be merged: " + e.getMessage()));
        }
    }

    /**
     * The base of an edit: our text that stood in the file, or one that stood there a moment before the save, if the
     * edit differs less from that. Null if the edit equals such an older text: then it either changes nothing or
     * restores that text, and the two cannot be told apart.
     */
    private @Nullable Text base(HashMap<String, @Nullable Object> theirs, FileStamp stamp) {
        long noticedAt = HandEdits.now() - (System.nanoTime() - foreignSince);
        long saved =
                stamp.modified() > noticedAt || stamp.modified() < noticedAt - OLD_NANOS ? noticedAt : stamp.modified();
        List<Text> texts = edits.since(saved - READ_TO_SAVE_NANOS);
        Text best = texts.get(0);
        int least = ThreeWayMerge.distance(best.tree, theirs, Integer.MAX_VALUE);
        for (Text text : texts.subList(1, texts.size())) {
            int distance = least == 0 ? 0 : ThreeWayMerge.distance(text.tree, theirs, least);
            if (distance < least) {
                best = text;
                least = distance;
            }
        }
        return least == 0 && best != texts.get(0) ? null : best;
    }

    /** The file may be written again. Told once a second, at most, while it cannot be written. */
    private void settle(Verdict verdict) {
        long now = System.nanoTime();
        if (verdict.isSame(told) && now - settledAt < RETRY_NANOS) {
            return;
        }
        told = verdict;
        settledAt = now;
        edits.settle(verdict);
        settled.run();
    }
}
