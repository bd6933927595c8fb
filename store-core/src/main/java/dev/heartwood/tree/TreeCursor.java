package dev.heartwood.tree;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A depth-first walk over one tree, pulled step by step: no recursion, so a tree of any legal depth is walked on any
 * stack.
 *
 * <p>Every container is entered and left; everything else is a leaf. Not thread-safe; the tree is immutable, so the
 * walk sees one state.
 */
public final class TreeCursor {
    /** The kind of place that {@link #next} reached. */
    public enum Step {
        /** A container, before its children. */
        ENTER,
        /** A value that is no container. */
        LEAF,
        /** The same container, after its children. */
        EXIT
    }

    private static final Comparator<Tuple2<String, @Nullable Object>> BY_KEY = Comparator.comparing(Tuple2::_1);

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final boolean sorted;
    private final int most;
    private final List<Level> open = new ArrayList<>();
    private @Nullable Object pending;
    private boolean atStart = true;

    private Step step = Step.LEAF;
    private int leftOut;
    private @Nullable Object node;

    /** Starts at {@code root}, a tree of ours; {@code sorted} visits the keys of maps in their natural order. */
    public TreeCursor(@Nullable Object root, boolean sorted) {
        this(root, sorted, NO_LIMIT);
    }

    private TreeCursor(@Nullable Object root, boolean sorted, int most) {
        this.pending = root;
        this.sorted = sorted;
        this.most = most;
    }

    /**
     * A walk that looks at {@code most} children of each container at most, and tells at its exit how many it has left
     * out. Keys are sorted; of a map with more than twice as many, only the keys that are shown are.
     */
    public static TreeCursor brief(@Nullable Object root, int most) {
        return new TreeCursor(root, true, most);
    }

    /** Goes one step further; false when the walk is over. */
    public boolean next() {
        if (atStart) {
            atStart = false;
            return arrive(pending);
        }
        if (step == Step.ENTER) {
            open.add(new Level(requireContainer(), sorted, most));
        }
        if (open.isEmpty()) {
            return false;
        }
        Level level = open.get(open.size() - 1);
        if (level.advance()) {
            return arrive(level.child);
        }
        open.remove(open.size() - 1);
        step = Step.EXIT;
        node = level.container;
        leftOut = Nodes.size(level.container) - level.position - 1;
        return true;
    }

    /** Passes over the children of the container that was just entered, and over its exit. */
    void skip() {
        step = Step.LEAF;
    }

    /** Where the walk stands. */
    public Step step() {
        return step;
    }

    /** The container or leaf at which the walk stands. */
    public @Nullable Object node() {
        return node;
    }

    /** How many containers are open around the node: 0 at the root. */
    public int depth() {
        return open.size();
    }

    /** The key or index under which the node stands in its container; meaningless at the root. */
    public String token() {
        return open.get(open.size() - 1).token();
    }

    /** Whether the node stands in a map, and its token is a key. */
    public boolean inMap() {
        return open.get(open.size() - 1).entries != null;
    }

    /** How many children of the container that was just left were not looked at. */
    public int leftOut() {
        return leftOut;
    }

    /** Whether the node is the first child of its container. */
    public boolean first() {
        return open.get(open.size() - 1).position == 0;
    }

    /** The tokens from the root to the node. */
    public List<String> tokens() {
        List<String> tokens = new ArrayList<>(open.size());
        for (Level level : open) {
            tokens.add(level.token());
        }
        return tokens;
    }

    private boolean arrive(@Nullable Object arrived) {
        Steps.count();
        node = arrived;
        step = Nodes.isContainer(arrived) ? Step.ENTER : Step.LEAF;
        return true;
    }

    private Object requireContainer() {
        if (node == null) {
            throw new AssertionError("entered nothing");
        }
        return node;
    }

    private static final class Level {
        private final Object container;
        private final @Nullable Iterator<Tuple2<String, @Nullable Object>> entries;
        private final @Nullable Iterator<@Nullable Object> elements;
        private @Nullable String key;
        private @Nullable Object child;
        private final int most;
        private int position = -1;

        Level(Object container, boolean sorted, int most) {
            this.container = container;
            this.most = most;
            if (container instanceof Vector) {
                this.entries = null;
                this.elements = Nodes.list(container).iterator();
            } else {
                this.entries = sorted
                        ? sortedEntries(Nodes.map(container), most)
                        : Nodes.map(container).iterator();
                this.elements = null;
            }
        }

        boolean advance() {
            if (position + 1 >= most) {
                return false;
            }
            if (entries != null && entries.hasNext()) {
                Tuple2<String, @Nullable Object> entry = entries.next();
                key = entry._1;
                child = entry._2;
            } else if (elements != null && elements.hasNext()) {
                child = elements.next();
            } else {
                return false;
            }
            position++;
            return true;
        }

        String token() {
            return key != null ? key : Integer.toString(position);
        }

        private static Iterator<Tuple2<String, @Nullable Object>> sortedEntries(
                HashMap<String, @Nullable Object> map, int most) {
            boolean few = map.size() / 2 < most;
            List<Tuple2<String, @Nullable Object>> entries = new ArrayList<>(few ? map.size() : most);
            Iterator<Tuple2<String, @Nullable Object>> all = map.iterator();
            while (all.hasNext() && (few || entries.size() < most)) {
                entries.add(all.next());
            }
            entries.sort(BY_KEY);
            return entries.iterator();
        }
    }
}
