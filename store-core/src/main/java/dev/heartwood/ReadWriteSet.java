package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places that a batch touched: a trie of path tokens that records for each place how it was read and whether it was
 * written.
 *
 * <p>Since it has the shape of the tree, it is compared with two trees by one walk over all three, which turns back
 * wherever the two trees are the same reference: a thousand reads below an unchanged node cost one comparison.
 *
 * <p>A read at or below a place that the batch itself has written reads the batch's own value, and is not recorded.
 * Confined to the batch's thread while it runs; not changed after.
 */
final class ReadWriteSet implements ReadSet {
    private static final int NOT_WRITTEN = -2;
    private static final int WRITTEN = -1;
    private static final int FEW = 8;
    /** Beside the bits of {@link ReadSet.Kind}: whether there are writes below. */
    private static final int WRITES_BELOW = 1 << 10;

    private int read;
    /** {@link #NOT_WRITTEN}, {@link #WRITTEN}, or the size that a list had before it was only appended to. */
    private int written = NOT_WRITTEN;

    /** The places below, the newest first: a batch touches a few, and a list is smaller and faster for that. */
    private @Nullable ReadWriteSet children;

    private int childCount;
    /** The places below by token, where they are many. */
    private @Nullable Map<String, ReadWriteSet> index;

    private final String token;
    private final @Nullable ReadWriteSet sibling;

    /** The read and write set of a batch that has touched nothing. */
    ReadWriteSet() {
        this("", null);
    }

    private ReadWriteSet(String token, @Nullable ReadWriteSet sibling) {
        this.token = token;
        this.sibling = sibling;
    }

    /** Notes that the place at the first {@code size} steps was looked at, in the ways that the bits stand for. */
    void read(KeyPath path, int size, int bits) {
        ReadWriteSet place = at(path, size, 0);
        if (place != null && place.written != WRITTEN) {
            place.read |= bits;
            if ((bits & ReadSet.Kind.SIZE.bit()) != 0) {
                place.readPresenceOfWritten();
            }
        }
    }

    /** A size that includes keys of the batch itself depends on whether those keys already existed. */
    private void readPresenceOfWritten() {
        for (ReadWriteSet child = children; child != null; child = child.sibling) {
            child.read |= child.written == WRITTEN ? ReadSet.Kind.PRESENCE.bit() : 0;
        }
    }

    /** Notes that the place has another value now. */
    void write(KeyPath path, int size) {
        ReadWriteSet place = at(path, size, WRITES_BELOW);
        if (place != null) {
            place.written = WRITTEN;
        }
    }

    /** Notes that the list at the place, which had {@code length} elements, got longer at its end. */
    void append(KeyPath path, int size, int length) {
        ReadWriteSet place = at(path, size, WRITES_BELOW);
        if (place != null && place.written == NOT_WRITTEN) {
            place.written = length;
        }
    }

    /** The place, about to be written; null if it is below a place that the batch wrote itself. */
    @Nullable
    ReadWriteSet placeToWrite(KeyPath path, int size) {
        return at(path, size, WRITES_BELOW);
    }

    /** The present write state of this place, for a later {@code restore}. */
    Written remember() {
        return new Written(this, written);
    }

    /** How a place was written at some time. */
    record Written(ReadWriteSet place, int written) {
        /**
         * Restores the write state of the place. The place belonged to the batch meanwhile, so its reads were not
         * recorded: the whole place counts as read.
         */
        void undo() {
            place.written = written;
            place.read |= ReadSet.Kind.VALUE.bit();
        }
    }

    /** The place, created if it is new; null if it is below a place that the batch wrote itself. */
    private @Nullable ReadWriteSet at(KeyPath path, int size, int markAbove) {
        ReadWriteSet place = this;
        for (int i = 0; i < size; i++) {
            String token = path.token(i);
            if (place.written == WRITTEN || (place.written >= 0 && Nodes.index(token) >= place.written)) {
                return null;
            }
            place.read |= markAbove;
            place = place.child(token);
        }
        return place;
    }

    private ReadWriteSet child(String name) {
        ReadWriteSet found = find(name);
        if (found != null) {
            return found;
        }
        ReadWriteSet added = add(name);
        if (index != null) {
            index.put(name, added);
        } else if (childCount > FEW) {
            index = new java.util.HashMap<>();
            for (ReadWriteSet child = children; child != null; child = child.sibling) {
                index.put(child.token, child);
            }
        }
        return added;
    }

    private ReadWriteSet add(String name) {
        children = new ReadWriteSet(name, children);
        childCount++;
        return children;
    }

    /** The place below under a token, or null where none was touched. */
    @Nullable
    ReadWriteSet find(String name) {
        if (index != null) {
            return index.get(name);
        }
        for (ReadWriteSet child = children; child != null; child = child.sibling) {
            if (child.token.equals(name)) {
                return child;
            }
        }
        return null;
    }

    String token() {
        return token;
    }

    /** The number of touched places directly below. */
    int childCount() {
        return childCount;
    }

    /** The places right below, one after the other by {@link #next}. */
    @Nullable
    ReadWriteSet firstChild() {
        return children;
    }

    @Nullable
    ReadWriteSet next() {
        return sibling;
    }

    /** Whether the batch has put or removed the whole value of this place. */
    boolean isWritten() {
        return written == WRITTEN;
    }

    /** Whether the batch has written the place at the path, or anything above or below it. */
    boolean overlapsWrites(KeyPath path) {
        ReadWriteSet place = this;
        for (int i = 0; i < path.size(); i++) {
            String name = path.token(i);
            if (place.written == WRITTEN || (place.written >= 0 && Nodes.index(name) >= place.written)) {
                return true;
            }
            place = place.find(name);
            if (place == null) {
                return false;
            }
        }
        return place.hasWrites();
    }

    /** Whether the batch has written at this place or below it. */
    boolean hasWrites() {
        return (read & WRITES_BELOW) != 0 || written != NOT_WRITTEN;
    }

    @Override
    public boolean same(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        return Rebase.of(this, before, after, 0).holds();
    }

    private void visitChildren(Visit visit, Deque<Visit> open) {
        for (ReadWriteSet child = children; child != null; child = child.sibling) {
            if (child.hasWrites()) {
                open.push(new Visit(visit, child));
            }
        }
    }

    /** Whether the reads of this place itself, without its children, are unchanged. */
    boolean sameHere(@Nullable Object before, @Nullable Object after) {
        return ReadSet.Kind.same(readBits(), before, after);
    }

    /** In which ways this place itself was read. */
    int readBits() {
        return read & (WRITES_BELOW - 1);
    }

    /** Visits each place that was read, with the ways in which it was read. */
    @FunctionalInterface
    interface ReadVisitor {
        /** One place; {@code bits} are {@link ReadSet.Kind#bit}s. */
        void read(KeyPath path, int bits);
    }

    /** Visits all places that were read. */
    void forEachRead(ReadVisitor visitor) {
        record Touched(ReadWriteSet place, KeyPath path) {}
        Deque<Touched> open = new ArrayDeque<>();
        open.push(new Touched(this, KeyPath.root()));
        while (!open.isEmpty()) {
            Touched touched = open.pop();
            if (touched.place.readBits() != 0) {
                visitor.read(touched.path, touched.place.readBits());
            }
            for (ReadWriteSet child = touched.place.children; child != null; child = child.sibling) {
                open.push(new Touched(child, touched.path.child(child.token)));
            }
        }
    }

    /** The edits that lead from {@code before}, the input of the batch, to {@code after}, its result. */
    List<Edit> edits(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        List<Edit> edits = new ArrayList<>();
        edits(before, after, edits, Which.CHANGES);
        return edits;
    }

    /**
     * The edits that repeat the writes of the batch on another tree, also writes that changed nothing in
     * {@code before}: if a batch blindly put a 1 over a 1, and a rival has put a 2 meanwhile, the 1 must be put again.
     */
    List<Edit> replay(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        List<Edit> edits = new ArrayList<>();
        edits(before, after, edits, Which.WRITES);
        return edits;
    }

    /** Whether the batch changed anything. */
    boolean changed(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        List<Edit> edits = new ArrayList<>(1);
        edits(before, after, edits, Which.FIRST_CHANGE);
        return !edits.isEmpty();
    }

    private void edits(
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after,
            List<Edit> edits,
            Which which) {
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(this, before, after));
        while (!open.isEmpty() && !(which == Which.FIRST_CHANGE && !edits.isEmpty())) {
            Visit visit = open.pop();
            if (which != Which.WRITES && TreeEquality.atAGlance(visit.before, visit.after)) {
                continue;
            }
            if (visit.place.written == NOT_WRITTEN) {
                visit.place.visitChildren(visit, open);
            } else {
                visit.place.edit(visit, edits, open);
            }
        }
    }

    private void edit(Visit visit, List<Edit> edits, Deque<Visit> open) {
        if (written >= 0) {
            Vector<@Nullable Object> list = Nodes.list(visit.requireAfter());
            if (list.size() > written) {
                edits.add(new Edit.Append(visit.path(), written, list.drop(written)));
            }
            visitChildren(visit, open);
        } else if (visit.after == MISSING) {
            edits.add(new Edit.Remove(visit.path()));
        } else {
            edits.add(Edit.Put.in(visit.parent == null ? null : visit.parent.after, visit.path(), visit.after));
        }
    }

    /** Which of the edits are wanted. */
    private enum Which {
        CHANGES,
        FIRST_CHANGE,
        WRITES
    }

    /** One place with its nodes in two trees. */
    private static final class Visit {
        private final ReadWriteSet place;
        private final @Nullable Visit parent;
        private final @Nullable Object before;
        private final @Nullable Object after;

        Visit(ReadWriteSet place, @Nullable Object before, @Nullable Object after) {
            this.place = place;
            this.parent = null;
            this.before = before;
            this.after = after;
        }

        Visit(Visit parent, ReadWriteSet place) {
            this.place = place;
            this.parent = parent;
            this.before = Nodes.child(parent.before, place.token);
            this.after = Nodes.child(parent.after, place.token);
        }

        KeyPath path() {
            Deque<String> tokens = new ArrayDeque<>();
            for (Visit visit = this; visit.parent != null; visit = visit.parent) {
                tokens.push(visit.place.token);
            }
            return KeyPath.ofTokens(tokens.toArray(new String[0]));
        }

        Object requireAfter() {
            if (after == null) {
                throw new AssertionError("an appended list is there");
            }
            return after;
        }
    }
}
