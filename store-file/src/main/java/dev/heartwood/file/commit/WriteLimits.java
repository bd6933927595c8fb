package dev.heartwood.file.commit;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a commit that could not be written, or not be read again, before it is accepted: on the thread that commits,
 * so that it costs nobody else.
 *
 * <p>The size of the file is known as an upper bound, which each commit moves by the bytes that it adds and removes; so
 * a check takes the time of the edits. Only where the bound passes the limit is the whole tree counted.
 */
final class WriteLimits {
    // Invariant: ChainLink.fileBytes is at least TreeFormat.size of the tree of that node. So added bytes are never
    // counted too low, and removed bytes never too high.
    /** The words around one edit in a line of the journal: the longest are those of an append. */
    private static final int ENVELOPE = 64;
    /** The check visits at least this many nodes of a removed value, and one more for each so many added bytes. */
    private static final int REMOVED_STEPS = 256;

    private static final int BYTES_PER_STEP = 4;
    /**
     * A line of the journal becomes a string when it is read. No string with characters beyond Latin-1 is longer than
     * this.
     */
    private static final long LONGEST_LINE = (1L << 30) - (1 << 16);

    private final TreeFormat format;
    private final StoreLayout place;
    private final long commitLimit;
    private final long fileLimit;

    WriteLimits(StoreContext context) {
        Settings.Bounds bounds = context.settings().bounds();
        this.format = context.format();
        this.place = context.place();
        this.commitLimit = Math.min(bounds.commitBytes(), LONGEST_LINE);
        this.fileLimit = Math.min(bounds.fileBytes(), format.longest());
    }

    /**
     * An upper bound of the size of the file after a commit, in bytes.
     *
     * @param fileBytes the bound before the commit
     * @throws UnsupportedValueException if the commit, or the file, would be larger than is allowed
     */
    long check(
            long fileBytes,
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after,
            List<Edit> edits) {
        long written = 0;
        long growth = 0;
        KeyPath largest = KeyPath.root();
        long most = -1;
        for (Edit edit : edits) {
            Change change = new Change(before, edit);
            long size = change.written();
            written += size;
            growth += change.growth(fileBytes);
            if (size > most) {
                most = size;
                largest = edit.path();
            }
        }
        if (written > commitLimit) {
            throw new UnsupportedValueException(
                    largest,
                    "the commit would write " + bytes(written) + " to " + place + ", and one commit may write "
                            + commitLimit
                            + " at most. It was not accepted, and nothing is changed. Split it into several"
                            + " commits, or allow more with maxCommitBytes (" + LONGEST_LINE + " at most)");
        }
        long next = fileBytes + growth;
        if (next > fileLimit) {
            next = format.size(after);
            if (next > fileLimit) {
                throw new UnsupportedValueException(
                        largest,
                        "with this commit " + place + " would have " + bytes(next) + ", and " + fileLimit
                                + " at most can be read again. It was not accepted, and nothing is changed. Remove"
                                + " something first, or keep the data in several files");
            }
        }
        return next;
    }

    private static String bytes(long size) {
        return size >= 1L << 50 ? "more than " + (1L << 50) + " bytes" : size + " bytes";
    }

    /** One edit: the bytes that it adds to the file, and the bytes that it removes. */
    private final class Change {
        private final Edit edit;
        private final int depth;
        private final @Nullable Object parent;
        private final long added;

        Change(HashMap<String, @Nullable Object> before, Edit edit) {
            this.edit = edit;
            this.depth = edit.path().size() + (edit instanceof Edit.Append ? 1 : 0);
            this.parent = edit instanceof Edit.Append ? found(before, edit.path()) : parent(before, edit.path());
            this.added = added();
        }

        private long added() {
            if (edit instanceof Edit.Put put) {
                return put.path().size() == 0 && put.value() instanceof HashMap
                        ? format.size(Nodes.map(put.value()))
                        : 1 + format.childSize(key(), put.value(), depth, Long.MAX_VALUE);
            }
            long sum = 0;
            if (edit instanceof Edit.Append append) {
                for (Object element : append.elements()) {
                    sum += 1 + format.childSize(null, element, depth, Long.MAX_VALUE);
                }
            }
            return sum;
        }

        /** The bytes that the commit writes for it: those in the file, which are more than those in the journal. */
        long written() {
            long path = ENVELOPE;
            for (String token : edit.path().tokens()) {
                path += 1 + format.stringSize(token) + escapes(token);
            }
            return path + added;
        }

        /** By how much the file grows, at most. */
        long growth(long fileBytes) {
            if (edit.path().size() == 0 && edit instanceof Edit.Put) {
                return added - fileBytes;
            }
            long more = added - removed();
            if (parent != null && Nodes.isContainer(parent)) {
                int size = Nodes.size(parent);
                // The bracket that closes an empty container goes to a line of its own.
                more += size == 0 ? 1 + 2L * depth : 0;
                // A list that stood on one line may get a line for each of its elements.
                more += isShortList() ? (size + 1L) * (1 + 2L * depth) : 0;
            }
            return more;
        }

        private long removed() {
            if (edit instanceof Edit.Append || parent == null) {
                return 0;
            }
            Object old = Nodes.child(parent, last());
            if (old == Nodes.MISSING) {
                return 0;
            }
            long size = 1 + format.childSize(key(), old, depth, REMOVED_STEPS + added / BYTES_PER_STEP);
            return isShortList() ? size - 1 - 1 - 2L * depth : size;
        }

        private boolean isShortList() {
            return parent instanceof Vector<?> list && list.size() <= format.mostOnALine();
        }

        private @Nullable String key() {
            return parent instanceof Vector ? null : last();
        }

        private String last() {
            String last = edit.path().last();
            return last == null ? "" : last;
        }
    }

    /** In a JSON Pointer a tilde and a slash take two characters. */
    private static int escapes(String token) {
        int escapes = 0;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            escapes += c == '~' || c == '/' ? 1 : 0;
        }
        return escapes;
    }

    private static @Nullable Object parent(HashMap<String, @Nullable Object> tree, KeyPath path) {
        return path.size() == 0 ? null : found(tree, path.tokens().subList(0, path.size() - 1));
    }

    private static @Nullable Object found(HashMap<String, @Nullable Object> tree, KeyPath path) {
        return found(tree, path.tokens());
    }

    private static @Nullable Object found(HashMap<String, @Nullable Object> tree, List<String> tokens) {
        Object node = tree;
        for (String token : tokens) {
            node = Nodes.child(node, token);
        }
        return node;
    }
}
