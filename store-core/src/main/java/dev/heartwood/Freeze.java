package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.FrozenBlocks;
import dev.heartwood.tree.FrozenRegistry;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Numbers;
import dev.heartwood.tree.OneLine;
import dev.heartwood.tree.Placeholder;
import dev.heartwood.tree.RecordBuilder;
import dev.heartwood.tree.Steps;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The door of the tree: turns the values of callers into immutable nodes, or names the path of a value that no tree can
 * hold.
 *
 * <p>One iterative walk with an explicit stack: a value of any depth can be checked on any thread's stack. A value that
 * the library made is accepted unchanged; a part that occurs twice in a value is walked once.
 */
final class Freeze {
    /** If more children of a value than this were walked, its large parts are marked as frozen. */
    private static final int LARGE = 512;

    /** A map of so few entries is put together in less time than it takes to prepare to build it at once. */
    private static final int FEW = 64;

    private final KeyPath at;
    private final Dialect dialect;
    /** Whether the value goes into a store; else it is only read or written. */
    private final boolean isKept;

    private final List<FreezeFrame> open = new ArrayList<>();
    /** The frames of all containers by their source; made when a second one is met. */
    private @Nullable IdentityHashMap<Object, FreezeFrame> seen;
    /** The node at the place: one of our trees, also where it occurs deeper in the value. */
    private @Nullable Object whole = MISSING;

    private @Nullable RecordBuilder builder;

    private int walked;
    /** Whether the value lacks parts, or has marks in their places, so that none of it may come back unseen. */
    private boolean lacksParts;

    private Freeze(KeyPath at, Dialect dialect, boolean isKept) {
        this.at = at;
        this.dialect = dialect;
        this.isKept = isKept;
        this.lacksParts = dialect == StoreIdentity.PARTS;
    }

    /** The node for a value that will be written at {@code at}. */
    static @Nullable Object value(KeyPath at, @Nullable Object value, Dialect dialect) {
        return result(at, value, MISSING, dialect);
    }

    /**
     * The node for the result of a function for {@code input}, the present node at {@code at}: unchanged children at
     * the same place are not walked again.
     */
    static @Nullable Object result(KeyPath at, @Nullable Object value, @Nullable Object input, Dialect dialect) {
        if (value == input && value != MISSING) {
            return value;
        }
        if (dialect != Dialect.ANYTHING) {
            requireKeys(at, dialect);
        }
        if (isPlain(value) && dialect == Dialect.ANYTHING && at.size() <= Nodes.DEPTH_LIMIT) {
            return value;
        }
        if (at.size() == 0 && value instanceof Snapshot && isPartial(value)) {
            throw new IllegalArgumentException(
                    "this state is from a history that does not record all places (only, redact). It is not the whole"
                            + " tree, and restoring it would remove the other places. Nothing is changed. Put the parts that"
                            + " you want, or use a history that records all places");
        }
        return new Freeze(at, dialect, true).walk(value, input);
    }

    /** The node for a value that is read or written, and goes into no store: it may be a part of a tree that lacks others. */
    static @Nullable Object shown(@Nullable Object value) {
        return new Freeze(KeyPath.root(), Dialect.ANYTHING, false).walk(value, MISSING);
    }

    /** Whether a value may be a node of a tree, or stand for one: its own reference can say that it is frozen. */
    static boolean mayStand(@Nullable Object value) {
        // Leaves first: to find that one is no View, an interface, takes the JVM some 20 ns.
        return !isPlain(value)
                && (Nodes.isContainer(value) || value instanceof Snapshot || value instanceof JavaViews.View);
    }

    /**
     * The node for a value that will be written at {@code at}, where {@code standing} is the present or a very recent
     * node. That node itself is accepted unchanged; of a map or list that was derived from it, only the differences are
     * walked.
     */
    static @Nullable Object beside(KeyPath at, @Nullable Object value, @Nullable Object standing, Dialect dialect) {
        Object node = value;
        if (value instanceof JavaViews.View view) {
            node = view.node();
        } else if (value instanceof Snapshot snapshot) {
            node = snapshot.tree();
        }
        if (node == standing) {
            return node;
        }
        return isOfOneSize(node, standing) ? result(at, value, standing, dialect) : value(at, value, dialect);
    }

    /** Whether two containers of one kind may be compared in the time of the first. */
    private static boolean isOfOneSize(@Nullable Object node, @Nullable Object standing) {
        return node != null
                && standing != null
                && Nodes.isContainer(node)
                && node.getClass() == standing.getClass()
                && Nodes.size(standing) / 2 <= Nodes.size(node);
    }

    /** The steps to a value may become keys, too, where parents are made for it. */
    private static void requireKeys(KeyPath at, Dialect dialect) {
        for (int i = 0; i < at.size(); i++) {
            try {
                dialect.admitKey(at.token(i));
            } catch (IllegalArgumentException e) {
                throw new UnsupportedValueException(
                        KeyPath.of(at.tokens().subList(0, i + 1)), String.valueOf(e.getMessage()));
            }
        }
    }

    /** The map for a value that will be the root. */
    static HashMap<String, @Nullable Object> root(@Nullable Object value, Dialect dialect) {
        return requireMap(value(KeyPath.root(), value, dialect));
    }

    /**
     * Marks a node that is returned from {@code depth} steps below the root as frozen, so that it can come back without
     * a walk. A node of a state that lacks parts may have marks in their places, so it is walked.
     */
    static @Nullable Object handOut(@Nullable Object node, int depth, Dialect dialect) {
        if (node != null && Nodes.isContainer(node) && dialect != StoreIdentity.PARTS) {
            FrozenRegistry.remember(node, Nodes.DEPTH_LIMIT - depth, dialect);
        }
        return node;
    }

    /** As {@link #handOut}, for a root. */
    static HashMap<String, @Nullable Object> handOutMap(HashMap<String, @Nullable Object> root, Dialect dialect) {
        handOut(root, 0, dialect);
        return root;
    }

    private static boolean isPlain(@Nullable Object value) {
        return value == null || value instanceof String || value instanceof Long || value instanceof Boolean;
    }

    /** The node as the root, which must be a map. */
    static HashMap<String, @Nullable Object> requireMap(@Nullable Object node) {
        if (node instanceof HashMap) {
            return Nodes.map(node);
        }
        throw new TypeMismatchException(
                KeyPath.root(), "the root must be a map, and cannot be " + Descriptions.of(node));
    }

    private @Nullable Object walk(@Nullable Object value, @Nullable Object input) {
        whole = input;
        Object leaf = enter(value, input);
        if (open.isEmpty()) {
            requireDepth(at.size(), null);
            return leaf;
        }
        for (; ; ) {
            FreezeFrame frame = open.get(open.size() - 1);
            if (frame.advance()) {
                requireKey(frame);
                walked++;
                Steps.count();
                Object child = frame.stoodBeside(frame.value)
                        ? takeBack(requireNonNull(frame.value), Nodes.DEPTH_LIMIT - at.size() - open.size())
                        : enter(frame.value, frame.input);
                if (open.get(open.size() - 1) == frame) {
                    frame.accept(child);
                }
                continue;
            }
            Object done = close(frame);
            if (open.isEmpty()) {
                if (walked > LARGE && !frame.partial && !lacksParts) {
                    FrozenBlocks.vouch(done, dialect);
                }
                return done;
            }
            open.get(open.size() - 1).accept(done, frame.height);
        }
    }

    /** Returns the node of a value that needs no walk, or opens a frame for one that does. */
    private @Nullable Object enter(@Nullable Object value, @Nullable Object input) {
        if (value == null || isPlain(value)) {
            return value == null ? null : admit(value);
        }
        if (value instanceof Number number) {
            return admit(number(number));
        }
        Object container = unwrap(value);
        if (Nodes.isContainer(container)) {
            int height = height(container, value);
            if (height >= 0) {
                return takeBack(container, height);
            }
        }
        FreezeFrame frame = FreezeFrame.of(container, input, dialect, this);
        return frame != null ? openOnce(frame) : admit(leaf(container));
    }

    /** What builds a map of so many entries at once; null where it is better put together entry by entry. */
    @Nullable
    RecordBuilder builderOf(int size) {
        if (builder == null && (size > FEW || walked > LARGE)) {
            builder = new RecordBuilder(Integer.MAX_VALUE);
        }
        return builder;
    }

    /** The node that a view or a snapshot stands for. */
    private static Object unwrap(Object value) {
        if (value instanceof JavaViews.View view) {
            return view.node();
        }
        return value instanceof Snapshot snapshot ? snapshot.tree() : value;
    }

    /** A bound of the height of a container that is known to be frozen; -1 for one that must be walked. */
    private int height(Object container, Object value) {
        int height = FrozenRegistry.height(container, dialect);
        if (height < 0) {
            height = FrozenBlocks.height(container, dialect);
        }
        boolean partial = container != value && isPartial(value);
        lacksParts |= partial && !isKept;
        // A view or a snapshot represents one of our trees, which memory holds unchanged, and so does a function's
        // input.
        boolean ours =
                (container != value && dialect == Dialect.ANYTHING && !(isKept && partial)) || container == whole;
        return height < 0 && ours ? Nodes.DEPTH_LIMIT : height;
    }

    /** Whether it is a state that lacks parts of the tree, or a view in one: it may have marks in their places. */
    private static boolean isPartial(@Nullable Object value) {
        return value instanceof JavaViews.View view
                ? !view.isWhole()
                : value instanceof Snapshot snapshot && snapshot.identity().isPartial();
    }

    private Object admit(Object leaf) {
        if (dialect == Dialect.ANYTHING) {
            return leaf;
        }
        try {
            return dialect.admit(leaf);
        } catch (IllegalArgumentException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    private Object leaf(Object value) {
        lacksParts |= value instanceof Placeholder;
        String reason = isKept && value instanceof Placeholder
                ? value + " stands for a value that is not told"
                : OpaqueLeaf.whyNot(value);
        if (reason != null) {
            throw refuse(reason);
        }
        return OpaqueLeaf.of(value);
    }

    private Number number(Number number) {
        Number canonical = Numbers.canonical(number);
        if (canonical == null) {
            throw refuse(
                    number instanceof Double || number instanceof Float
                            ? number + " is not finite, and JSON cannot represent it"
                            : "a " + number.getClass().getName() + " ("
                                    + TreePrinter.cut(number)
                                    + ") is not a number that a tree holds: expected a Long, Double, BigInteger or"
                                    + " BigDecimal");
        }
        return canonical;
    }

    /** A container that is frozen already; only its depth may be wrong here. */
    private Object takeBack(Object node, int knownHeight) {
        int depth = at.size() + open.size();
        int height = knownHeight;
        if (depth + height > Nodes.DEPTH_LIMIT) {
            height = measured(node);
            remember(node, height);
        }
        requireDepth(depth + height, node);
        if (!open.isEmpty()) {
            FreezeFrame parent = open.get(open.size() - 1);
            parent.height = Math.max(parent.height, height + 1);
        }
        return node;
    }

    private @Nullable Object openOnce(FreezeFrame frame) {
        if (!open.isEmpty()) {
            if (seen == null) {
                seen = new IdentityHashMap<>();
                seen.put(open.get(0).source, open.get(0));
            }
            FreezeFrame before = seen.putIfAbsent(frame.source, frame);
            if (before != null && before.node == null) {
                throw refuse("a cycle: the container contains itself");
            }
            if (before != null && before.node != null) {
                return takeBack(before.node, before.height);
            }
        }
        requireDepth(at.size() + open.size() + 1, null);
        open.add(frame);
        return null;
    }

    private Object close(FreezeFrame frame) {
        open.remove(open.size() - 1);
        Object node = frame.finish();
        if (frame.partial) {
            frame.height = Nodes.DEPTH_LIMIT - at.size() - open.size();
        } else {
            // Of the known parts, which were not walked, the height alone says how deep they reach here.
            requireDepth(at.size() + open.size() + frame.height, node);
        }
        remember(node, frame.height);
        frame.node = node;
        return node;
    }

    private void remember(Object node, int height) {
        if (!lacksParts) {
            FrozenRegistry.remember(node, height, dialect);
        }
    }

    private int measured(Object node) {
        return lacksParts ? FrozenBlocks.measure(node) : FrozenBlocks.vouch(node, dialect);
    }

    private void requireDepth(int containers, @Nullable Object node) {
        if (containers > Nodes.DEPTH_LIMIT) {
            throw refuse("more than 1,000 nested containers, counted from the root"
                    + (node == null ? "" : " (this value alone has " + measured(node) + ")"));
        }
    }

    private void requireKey(FreezeFrame frame) {
        if (frame.key != null && !(frame.key instanceof String)) {
            Object key = frame.key;
            frame.key = null;
            throw refuse((key == FreezeFrame.NULL_KEY
                            ? "a null key"
                            : "the key " + OneLine.of(TreePrinter.cut(key)) + " is a "
                                    + key.getClass().getName())
                    + ", expected a String");
        }
        if (frame.key != null && dialect != Dialect.ANYTHING) {
            try {
                dialect.admitKey((String) frame.key);
            } catch (IllegalArgumentException e) {
                throw refuse(String.valueOf(e.getMessage()));
            }
        }
    }

    private UnsupportedValueException refuse(String reason) {
        List<Object> steps = new ArrayList<>(at.tokens());
        for (FreezeFrame frame : open) {
            if (frame.token() != null) {
                steps.add(frame.token());
            }
        }
        return new UnsupportedValueException(KeyPath.of(steps), reason);
    }
}
