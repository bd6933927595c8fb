package dev.heartwood.file.edits;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a file while edits by hand are merged: the latest texts that stood in it, from which an edit may start,
 * and the outcome of the foreign text. Shared by the thread that writes the file and the one that merges; thread-safe.
 */
public final class HandEdits {
    /** Texts that stood in the file longer ago than this are no base of an edit any more. */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int MOST = 500;

    /** A text that stood in the file: its hash, its tree, the stamp of its file if known, and since when, in nanoseconds since 1970. */
    public static final class Text {
        final ContentFingerprint content;
        final HashMap<String, @Nullable Object> tree;
        final long since;
        private volatile @Nullable FileStamp stamp;

        public Text(ContentDigest content, HashMap<String, @Nullable Object> tree, @Nullable FileStamp stamp) {
            this.content = ContentFingerprint.of(content);
            this.tree = tree;
            this.stamp = stamp;
            this.since = now();
        }

        boolean hasStamp(FileStamp found) {
            return isSame(stamp, found);
        }

        /** The file was only touched, or was given other rights. */
        void restamp(FileStamp found) {
            stamp = found;
        }
    }

    /**
     * The outcome of a foreign text, once it is known: the file may be written again.
     *
     * @param content the text; null stands for a file that was deleted
     * @param stamp of its file: the same text saved once more is another edit
     * @param refusal the reason why it is kept aside, for people; null if it is merged, and so needs no copy
     */
    public record Verdict(
            @Nullable ContentDigest content,
            @Nullable FileStamp stamp,
            @Nullable String refusal) {
        /** Whether another verdict is about the very same save. */
        boolean isSame(@Nullable Verdict other) {
            return other != null && (stamp == null ? other.stamp == null : HandEdits.isSame(other.stamp, stamp));
        }
    }

    private final Deque<Text> texts = new ArrayDeque<>();
    private volatile @Nullable Verdict verdict;
    private volatile boolean waiting;

    static long now() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** From now on, or very soon, this text stands in the file. */
    public synchronized void stands(Text text) {
        texts.addLast(text);
        while (texts.size() > 1 && (texts.size() > MOST || second().since <= text.since - KEPT_NANOS)) {
            texts.removeFirst();
        }
    }

    /** The first text stood until this one came. */
    private Text second() {
        Iterator<Text> oldest = texts.iterator();
        oldest.next();
        return oldest.next();
    }

    /** A text has not come to stand in the file: it could not be written. */
    public synchronized void withdraw(Text text) {
        texts.remove(text);
    }

    synchronized Text newest() {
        return texts.getLast();
    }

    /** Whether a file with this stamp is one that we wrote. */
    synchronized boolean isOurs(FileStamp stamp) {
        return texts.stream().anyMatch(text -> text.hasStamp(stamp));
    }

    /** How many names the file has does not matter: it gets a second one for a while. */
    static boolean isSame(@Nullable FileStamp ours, FileStamp found) {
        return ours != null
                && ours.sameFile(found)
                && ours.size() == found.size()
                && ours.modified() == found.modified();
    }

    /** The texts that stood in the file at that time or later, the newest first. */
    synchronized List<Text> since(long time) {
        List<Text> found = new ArrayList<>();
        for (Iterator<Text> newestFirst = texts.descendingIterator(); newestFirst.hasNext(); ) {
            Text text = newestFirst.next();
            found.add(text);
            if (text.since < time) {
                return found;
            }
        }
        return found;
    }

    /** The writer leaves the file alone until it is told that the text there is settled, or is ours again. */
    public void waiting(boolean now) {
        waiting = now;
    }

    boolean isWaiting() {
        return waiting;
    }

    /** The text in the file is settled. */
    public void settle(Verdict known) {
        verdict = known;
    }

    /** The outcome of the text in the file; null if it is not known yet. */
    public @Nullable Verdict verdict(Disk disk, Path file) throws IOException {
        Verdict known = verdict;
        if (known == null) {
            return null;
        }
        ContentDigest content = known.content();
        FileStamp found = disk.stamp(file);
        if (content == null || found == null) {
            return content == null && found == null ? known : null;
        }
        return isSame(known.stamp(), found) && content.standsIn(disk, file) ? known : null;
    }
}
