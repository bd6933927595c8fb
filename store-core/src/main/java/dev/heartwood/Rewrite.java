package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Same;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One operation at one path: the descent to the node, what a step makes of it, and the way back up. Every write of
 * {@link TreeEditor} is one of these; a store commits it as an attempt, a transaction runs it on its private tree.
 *
 * <p>It keeps the nodes of its last descent. When it comes to a newer tree, everything from the first unchanged node
 * downwards stands: the step need not run again, and only the levels above are copied anew. That is what makes a lost
 * race cheap.
 */
final class Rewrite extends Attempt {
    /** What an operation asks of the place at its path, and whether its step is the caller's. */
    enum Mode {
        /** A value is there, or nothing; missing parents are made; {@code -} appends. Reads the value. */
        PUT(false, true, true, Reading.VALUE),
        /** As {@link #PUT}, but reads nothing. */
        SET(false, true, true, null),
        /** A value is there, or nothing; missing parents are made. */
        INIT(false, true, false, Reading.PRESENCE),
        /** The step is the caller's, and sees a value or nothing; missing parents are made. */
        COMPUTE(false, true, false, Reading.VALUE),
        /** A value is there. */
        CHANGE(true, false, false, Reading.VALUE),
        /** The step is the caller's; a value is there. */
        UPDATE(true, false, false, Reading.VALUE),
        /** The list that is there gets longer at its end. */
        EXTEND(true, false, false, Reading.VALUE),
        /** A value is there, or nothing; without parents nothing happens. */
        ANY(false, false, false, Reading.VALUE),
        /** What is there goes; reads whether something is. */
        DISCARD(false, false, false, Reading.PRESENCE),
        /** A list is there, and the value goes in before the index. */
        INSERT(false, false, true, Reading.VALUE);

        private final boolean mustExist;
        private final boolean makesParents;
        private final boolean dash;
        private final @Nullable Reading reading;

        Mode(boolean mustExist, boolean makesParents, boolean dash, @Nullable Reading reading) {
            this.mustExist = mustExist;
            this.makesParents = makesParents;
            this.dash = dash;
            this.reading = reading;
        }
    }

    private final KeyPath path;
    private final Mode mode;
    private final UnaryOperator<@Nullable Object> step;

    /** The nodes of the last descent, from the root to the place. */
    private final @Nullable Object[] nodes;
    /** What stands in their places after the change; right from level {@link #standing} downwards. */
    private final @Nullable Object[] made;

    private int standing;
    /** Whether the step ran, and what it found is what {@link #nodes} ended with. */
    private boolean ran;

    private boolean unchanged;

    Rewrite(KeyPath path, Mode mode, UnaryOperator<@Nullable Object> step) {
        this.path = path;
        this.mode = mode;
        this.step = step;
        this.nodes = new Object[path.size() + 1];
        this.made = new Object[path.size() + 1];
    }

    KeyPath path() {
        return path;
    }

    /** What the last descent found at the place, or {@link Nodes#MISSING}. */
    @Nullable
    Object found() {
        return nodes[path.size()];
    }

    /** What the last run made of it, or {@link Nodes#MISSING}. */
    @Nullable
    Object result() {
        return made[path.size()];
    }

    /** Whether it reads nothing of the place, so that nothing can invalidate it. */
    boolean isBlind() {
        return mode.reading == null;
    }

    /** In which way it reads the place; null for not at all. */
    @Nullable
    Reading reading() {
        return mode.reading;
    }

    @Override
    boolean callsOut() {
        return mode == Mode.UPDATE || mode == Mode.COMPUTE;
    }

    @Override
    boolean holds(HashMap<String, @Nullable Object> tree) {
        int size = path.size();
        boolean ranBefore = ran;
        Object before = nodes[size];
        ran = false; // until the descent is whole: it may fail, and then nothing stands
        int meeting = descend(tree, ranBefore);
        if (!ranBefore) {
            return false;
        }
        standing = Math.min(meeting, size);
        ran = meeting <= size || isBlind() || Same.atAGlance(before, nodes[size]);
        if (isBlind()) {
            // It stands whatever it finds, and is a no-op only where it finds itself.
            unchanged = Same.atAGlance(nodes[size], made[size]);
        }
        return ran;
    }

    @Override
    void run(Snapshot base) {
        run();
    }

    /** Runs the step on what the last descent found. */
    void run() {
        int size = path.size();
        ran = false;
        runs++;
        Object found = nodes[size];
        Object result = step.apply(found);
        if (size == 0) {
            Freeze.requireMap(result);
        }
        made[size] = result;
        standing = size;
        unchanged = mode != Mode.INSERT && Same.atAGlance(found, result);
        ran = true;
    }

    @Override
    HashMap<String, @Nullable Object> applyTo(HashMap<String, @Nullable Object> tree) {
        if (unchanged) {
            return tree;
        }
        for (int level = standing; level > 0; level--) {
            made[level - 1] = rebuild(level - 1, made[level]);
        }
        standing = 0;
        return Nodes.map(requireMade(made[0]));
    }

    @Override
    String place() {
        return path.toString();
    }

    @Override
    Reads reads() {
        return isBlind()
                ? (before, after) -> true
                : (before, after) -> Same.atAGlance(PathCopy.look(before, path), PathCopy.look(after, path));
    }

    /** How many of the nodes from the root on are there: up to {@code path.size() + 1}. */
    int present() {
        int present = 1;
        while (present < nodes.length && nodes[present] != MISSING) {
            present++;
        }
        return present;
    }

    /** Whether the place is an element of a list. */
    boolean isInList() {
        return path.size() > 0 && nodes[path.size() - 1] instanceof Vector;
    }

    /** Whether a list on the path gets longer or shorter by this: the last container, or the place itself. */
    boolean changesLength() {
        return isInList() && (found() == MISSING || result() == MISSING);
    }

    /** Where in a list its new elements begin, if this does nothing but append; else -1. */
    int appendsAt() {
        if (mode == Mode.EXTEND && found() instanceof Vector<?> list) {
            return list.size();
        }
        if (changesLength() && found() == MISSING && nodes[path.size() - 1] instanceof Vector<?> list) {
            String token = path.token(path.size() - 1);
            return token.equals(Nodes.DASH) || Nodes.index(token) == list.size() ? list.size() : -1;
        }
        return -1;
    }

    /** The level of the list that {@link #appendsAt} speaks of, or whose length changes. */
    int listLevel() {
        return mode == Mode.EXTEND ? path.size() : path.size() - 1;
    }

    /** What stands at a level of the path after the last run was applied; for levels that it changed. */
    @Nullable
    Object made(int level) {
        return made[level];
    }

    @Override
    public List<Edit> get() {
        int size = path.size();
        int from = appendsAt();
        if (from >= 0) {
            Vector<@Nullable Object> list = Nodes.list(requireMade(made[listLevel()]));
            return List.of(new Edit.Append(path.prefix(listLevel()), from, list.drop(from)));
        }
        if (changesLength()) {
            return List.of(new Edit.Put(path.prefix(size - 1), made[size - 1]));
        }
        if (result() == MISSING) {
            return List.of(new Edit.Remove(path));
        }
        int top = Math.min(present(), size);
        return List.of(new Edit.Put(path.prefix(top), made[top]));
    }

    /**
     * Goes down from the root. Where it meets a node of the descent before, all below is as it was: answers that level,
     * or one past the place.
     */
    private int descend(HashMap<String, @Nullable Object> tree, boolean again) {
        int size = path.size();
        Object node = tree;
        for (int level = 0; ; level++) {
            if (again && nodes[level] == node) {
                return level;
            }
            nodes[level] = node;
            if (level == size) {
                break;
            }
            node = below(node, level);
        }
        if (mode.mustExist && node == MISSING) {
            throw NoSuchPathException.at(path, tree);
        }
        return size + 1;
    }

    private @Nullable Object below(@Nullable Object node, int level) {
        String token = path.token(level);
        boolean last = level == path.size() - 1;
        if (node instanceof HashMap && !(last && mode == Mode.INSERT)) {
            return Nodes.child(node, token);
        }
        if (node instanceof Vector<?> list) {
            return element(list, token, level, last);
        }
        if (node != MISSING) {
            throw new TypeMismatchException(
                    path.prefix(level),
                    "cannot write " + path.forPeople() + ": at "
                            + path.prefix(level).forPeople() + " is "
                            + (Nodes.isContainer(node) ? Nodes.kind(node) : Text.describe(node)) + ", expected a "
                            + (mode == Mode.INSERT && last ? "list" : "map or a list"));
        }
        if (mode == Mode.INSERT) {
            throw NoSuchPathException.at(path, tree());
        }
        return MISSING;
    }

    private @Nullable Object element(Vector<?> list, String token, int level, boolean last) {
        int index = Nodes.index(token);
        boolean dash = last && mode.dash && token.equals(Nodes.DASH);
        if (index < 0 && !dash) {
            throw new TypeMismatchException(
                    path.prefix(level),
                    "cannot write " + path.forPeople() + ": at "
                            + path.prefix(level).forPeople() + " is a list of " + list.size() + ", and \"" + token
                            + "\" is no index of it"
                            + (token.equals(Nodes.DASH) ? " ('-' is for put, set, insert and append)" : ""));
        }
        if (dash || (last && mode == Mode.INSERT && index <= list.size())) {
            return MISSING;
        }
        if (index < list.size() && !(last && mode == Mode.INSERT)) {
            return list.get(index);
        }
        if (mode.makesParents || mode == Mode.INSERT) {
            throw NoSuchPathException.at(path, tree());
        }
        return MISSING;
    }

    private Object rebuild(int level, @Nullable Object child) {
        Object node = nodes[level];
        String token = path.token(level);
        if (node == null || node == MISSING) {
            return HashMap.<String, @Nullable Object>of(token, child);
        }
        if (mode == Mode.INSERT && level == path.size() - 1) {
            Vector<@Nullable Object> list = Nodes.list(node);
            return token.equals(Nodes.DASH) ? list.append(child) : list.insert(Nodes.index(token), child);
        }
        return PathCopy.with(node, token, child);
    }

    private HashMap<String, @Nullable Object> tree() {
        return Nodes.map(requireMade(nodes[0]));
    }

    private static Object requireMade(@Nullable Object node) {
        if (node == null) {
            throw new AssertionError("not descended or not run");
        }
        return node;
    }
}
