package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for large parts of trees that they are frozen, and how many containers they nest.
 *
 * <p>A part is a container, or a node within a map or list with all that hangs on it, once more than {@link #SIZE}
 * nodes lie below it that belong to no smaller part. States of a tree share their parts. So a tree that was measured
 * once, and changed a little, is measured again in the time of the change; and a tree whose parts are known to be
 * frozen goes back into a store in the time of its unmarked parts. A mark lives as long as its part: there is one for
 * some hundred nodes, independent of the rest of the JVM.
 *
 * <p>If Vavr's tries are not accessible ({@link TrieAccess}), only whole containers are parts.
 */
public final class FrozenBlocks {
    /** The number of nodes that make a part. */
    static final int SIZE = 512;

    /** A part of so few nodes is measured again wherever it occurs: that is cheaper than to remember it. */
    private static final int SMALL = 16;

    private static final WeakMarks MARKS = new WeakMarks();
    private static final WeakMarks DIALECTS = new WeakMarks();

    private final List<Level> open = new ArrayList<>();
    private final @Nullable WeakReference<Object> dialect;
    /** The heights of parts without a mark, once there are many: they may be shared, and met again. */
    private final IdentityHashMap<Object, Integer> measured = new IdentityHashMap<>();

    private int visited;

    private FrozenBlocks(@Nullable WeakReference<Object> dialect) {
        this.dialect = dialect;
    }

    /** A weak reference to a dialect: the same one for as long as it is used. */
    static WeakReference<Object> reference(Object dialect) {
        WeakMarks.Mark mark = DIALECTS.get(dialect);
        return mark != null ? mark : DIALECTS.put(dialect, 0, null);
    }

    /** How many containers are nested in a tree, itself counted. */
    public static int measure(Object container) {
        return new FrozenBlocks(null).walk(container);
    }

    /** Vouches that a tree is frozen in a dialect, and measures it. */
    public static int vouch(Object container, Object dialect) {
        return new FrozenBlocks(reference(dialect)).walk(container);
    }

    /** How many containers are nested in a part that is known to be frozen in the dialect; -1 if it is not known. */
    public static int height(Object part, Object dialect) {
        WeakMarks.Mark mark = MARKS.get(part);
        return mark != null && mark.dialect != null && mark.dialect.refersTo(dialect) ? mark.height : -1;
    }

    /**
     * How many elements of a list, from an index on, stand in one inner array that is known to be frozen in the
     * dialect; 0 for none.
     */
    public static int trustedElements(Vector<?> list, int index, Object dialect) {
        return trustedArray(list, index, dialect) < 0 ? 0 : ARRAY;
    }

    /** How many containers are nested, at most, in the elements that {@link #trustedElements} speaks of. */
    public static int trustedArray(Vector<?> list, int index, Object dialect) {
        if (!VectorAccess.isOpen() || index + ARRAY > list.size() || VectorAccess.shift(list) < VectorAccess.BITS) {
            return -1;
        }
        int place = VectorAccess.offset(list) + index;
        return place % ARRAY == 0 ? height(VectorAccess.node(list, place, VectorAccess.BITS), dialect) : -1;
    }

    /** How many elements hang on an array whose children are arrays of elements. */
    private static final int ARRAY = VectorAccess.WIDTH * VectorAccess.WIDTH;

    /** The kind of node that hangs on a level's children. */
    private static final int VALUES = 0;

    private static final int TRIES = -1;

    /** A part that is being measured. */
    private static final class Level {
        private final @Nullable Object part;
        private final boolean container;
        private final @Nullable Object[] children;
        /** {@link #VALUES}, {@link #TRIES}, or for the inner arrays of a vector how many bits choose below them. */
        private final int kind;

        private int next;
        private int height;
        private int size = 1;
        /** Whether a part of the container's own trie or arrays has a mark. */
        private boolean marked;

        Level(@Nullable Object part, boolean container, @Nullable Object[] children, int kind) {
            this.part = part;
            this.container = container;
            this.children = children;
            this.kind = kind;
        }
    }

    private int walk(Object container) {
        Level root = new Level(null, false, new Object[] {container}, VALUES);
        open.add(root);
        for (; ; ) {
            Level level = open.get(open.size() - 1);
            if (level.next < level.children.length) {
                visit(level, level.children[level.next++]);
                continue;
            }
            open.remove(open.size() - 1);
            if (level == root) {
                return root.height;
            }
            leave(level, open.get(open.size() - 1));
        }
    }

    private void leave(Level level, Level parent) {
        Object part = level.part;
        int height = level.height + (level.container ? 1 : 0);
        boolean large = level.size > SIZE || (level.container && level.marked);
        if (part != null && large) {
            MARKS.put(part, height, dialect);
            parent.marked |= !level.container;
        } else if (part != null && visited > SIZE && level.size > SMALL) {
            measured.put(part, height);
        }
        parent.height = Math.max(parent.height, height);
        parent.size += part != null && large ? 1 : level.size;
    }

    private void visit(Level level, @Nullable Object child) {
        if (child == null) {
            return;
        }
        Steps.count();
        visited++;
        if (level.kind == VALUES) {
            visitValue(level, child);
        } else if (level.kind == TRIES) {
            visitTrie(level, child);
        } else {
            visitArray(level, child, level.kind - VectorAccess.BITS);
        }
    }

    private void visitValue(Level level, Object value) {
        if (!Nodes.isContainer(value)) {
            level.size++;
        } else if (Nodes.size(value) == 0) {
            level.height = Math.max(level.height, 1);
            level.size++;
        } else if (!isKnown(level, value)) {
            open.add(containerLevel(value));
        }
    }

    private static Level containerLevel(Object container) {
        if (container instanceof HashMap<?, ?> map) {
            return TrieAccess.isOpen()
                    ? new Level(container, true, new Object[] {TrieAccess.trie(map)}, TRIES)
                    : new Level(container, true, map.values().toJavaArray(), VALUES);
        }
        Vector<?> list = (Vector<?>) container;
        if (!VectorAccess.isOpen()) {
            return new Level(container, true, list.toJavaArray(), VALUES);
        }
        int shift = VectorAccess.shift(list);
        return VectorAccess.node(list, VectorAccess.offset(list), shift) instanceof Object[] children
                ? new Level(container, true, children, shift)
                : new Level(container, true, new Object[0], VALUES); // an array of numbers
    }

    private void visitTrie(Level level, Object node) {
        Object[] children = TrieAccess.children(node);
        if (children != null) {
            if (!isKnown(level, node)) {
                open.add(new Level(node, false, children, TRIES));
            }
        } else if (!TrieAccess.isEmpty(node)) {
            for (Object leaf = node; leaf != null; leaf = TrieAccess.tail(leaf)) {
                visitLeaf(level, TrieAccess.value(leaf));
            }
        }
    }

    private void visitLeaf(Level level, @Nullable Object value) {
        if (value != null && Nodes.isContainer(value)) {
            open.add(new Level(null, false, new Object[] {value}, VALUES));
            return;
        }
        level.size++;
        if (value != null) {
            Steps.count();
            visited++;
            level.size++;
        }
    }

    private void visitArray(Level level, Object array, int shift) {
        if (!(array instanceof Object[] children)) {
            level.size += VectorAccess.WIDTH;
        } else if (!isKnown(level, array)) {
            open.add(new Level(array, false, children, shift));
        }
    }

    /** Whether a part was measured, and as trusted as it is to be: then it is not looked into. */
    private boolean isKnown(Level level, Object part) {
        Integer here = measured.get(part);
        if (here != null) {
            return take(level, here);
        }
        WeakMarks.Mark mark = MARKS.get(part);
        if (mark == null || (dialect != null && !isTrusted(mark, dialect))) {
            return false;
        }
        level.marked |= level.kind != VALUES;
        return take(level, mark.height);
    }

    private static boolean take(Level level, int height) {
        level.height = Math.max(level.height, height);
        level.size++;
        return true;
    }

    private static boolean isTrusted(WeakMarks.Mark mark, WeakReference<Object> dialect) {
        return mark.dialect != null && (mark.dialect == dialect || mark.dialect.get() == dialect.get());
    }
}
