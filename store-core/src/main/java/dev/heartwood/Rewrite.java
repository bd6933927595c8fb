package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.MapUpdate;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One operation at one path: the descent to the node, a step that makes a new node from it, and the way back up. Every
 * write of {@link TreeEditor} is one of these; a store commits it as an attempt, a transaction runs it on its private
 * tree.
 *
 * <p>It keeps the input tree and the result tree of its last run. On a newer tree it walks down all three together:
 * from the first node that input and newer tree share, the last result is still right. So the step need not run again,
 * and only the levels above are copied anew. This makes a lost race cheap.
 */
final class Rewrite extends Attempt {
    /** Longer paths are not descended by recursion: any thread's stack is deep enough. */
    static final int SHORT = 32;

    private final TreeEditor editor;
    private final KeyPath path;
    private final Mode mode;
    private final UnaryOperator<@Nullable Object> step;

    /** The input tree of the last run. */
    private @Nullable HashMap<String, @Nullable Object> tree;
    /** The result of the last run; null before the first run and if the last run failed. */
    private @Nullable HashMap<String, @Nullable Object> made;

    private @Nullable Object found;
    private @Nullable Object result;
    private int present;
    /** The label of the commit. */
    private @Nullable String label;

    /**
     * An operation of {@code editor}. If the mode has a step of the caller, the step takes and returns values instead
     * of nodes.
     */
    Rewrite(TreeEditor editor, KeyPath path, Mode mode, UnaryOperator<@Nullable Object> step) {
        this.editor = editor;
        this.path = path;
        this.mode = mode;
        this.step = step;
    }

    /** This operation, with a reason. */
    Rewrite labelled(@Nullable String reason) {
        label = reason;
        return this;
    }

    @Override
    @Nullable
    String label() {
        return label;
    }

    KeyPath path() {
        return path;
    }

    /** The node that the last descent found at the place, or {@link Nodes#MISSING}. */
    @Nullable
    Object found() {
        return found;
    }

    /** The node that the last run made of it, or {@link Nodes#MISSING}. */
    @Nullable
    Object result() {
        return result;
    }

    /** Whether the last run made anything else of it. */
    boolean hasChanged() {
        return !TreeEquality.atAGlance(found, result);
    }

    /**
     * The number of existing nodes on the path, from the root on, up to {@code path.size() + 1}; 0 before the first
     * descent.
     */
    int present() {
        return present;
    }

    /** Whether it reads nothing of the place, so that nothing can invalidate it. */
    boolean isBlind() {
        return mode.reading == null;
    }

    /** The way in which it reads the place; null if it does not. */
    ReadSet.@Nullable Kind reading() {
        return mode.reading;
    }

    @Override
    boolean callsOut() {
        return mode == Mode.UPDATE || mode.removesByNull();
    }

    @Override
    HashMap<String, @Nullable Object> next(Snapshot base) {
        return next(base.tree());
    }

    /** The result for another tree: the same instance if it changes nothing. */
    HashMap<String, @Nullable Object> next(HashMap<String, @Nullable Object> newer) {
        HashMap<String, @Nullable Object> older = tree;
        HashMap<String, @Nullable Object> standing = made;
        tree = newer;
        made = null; // until the descent is whole: it may fail, and then nothing stands
        made = Freeze.requireMap(
                standing == null && path.size() <= SHORT ? descend(newer, 0) : walk(newer, older, standing));
        return made;
    }

    /** Recursive descent for short paths, the common case. Returns the new node for this level. */
    private @Nullable Object descend(@Nullable Object node, int level) {
        if (level == path.size() || node == MISSING) {
            return first(node, level);
        }
        if (node instanceof HashMap && level < mapLevels()) {
            return inMap(Nodes.map(node), level);
        }
        Object child = below(node, level);
        return with(node, level, child, descend(child, level + 1));
    }

    /** The same from map to map, the most common case: small, so that the JIT compiles it to straight code. */
    private HashMap<String, @Nullable Object> inMap(HashMap<String, @Nullable Object> map, int level) {
        String token = path.token(level);
        Object child = map.getOrElse(token, MISSING);
        Object next = child instanceof HashMap && level + 1 < mapLevels()
                ? inMap(Nodes.map(child), level + 1)
                : descend(child, level + 1);
        return next == child ? map : MapUpdate.with(map, token, child, next);
    }

    /** The number of levels at which a map is allowed. */
    private int mapLevels() {
        return mode == Mode.INSERT ? path.size() - 1 : path.size();
    }

    /** The same for a path of any length, together with the input and the result of the last run, if there are any. */
    private @Nullable Object walk(@Nullable Object root, @Nullable Object older, @Nullable Object standing) {
        boolean again = standing != null;
        Object[] nodes = new Object[path.size() + 1];
        Object node = root;
        Object old = older;
        Object stands = standing;
        int level = 0;
        while (level < path.size() && node != MISSING && !(again && node == old)) {
            boolean last = level == path.size() - 1;
            String token = path.token(level);
            nodes[level] = node;
            node = below(node, level++);
            old = last ? found : Nodes.child(old, token);
            stands = last ? outcome(level) : Nodes.child(stands, token);
        }
        Object next = again ? standing(node, level, old, stands) : first(node, level);
        for (Object child = node; level > 0; child = nodes[level]) {
            level--;
            next = with(nodes[level], level, child, next);
        }
        return next;
    }

    private @Nullable Object first(@Nullable Object node, int level) {
        arrive(node, level);
        return run(level);
    }

    /** The new node at the present place of a walk: the node from the last run, if its reads are unchanged. */
    private @Nullable Object standing(@Nullable Object node, int level, @Nullable Object old, @Nullable Object stands) {
        if (node == old) {
            present = node == MISSING ? level : present;
            return stands;
        }
        Object before = found;
        arrive(node, level);
        return isBlind() || TreeEquality.atAGlance(before, node) ? outcome(level) : run(level);
    }

    /** The end of a descent: at the place, or at the first missing node of the path. */
    private void arrive(@Nullable Object node, int level) {
        if (node == MISSING && (mode.mustExist || (mode == Mode.INSERT && level < path.size()))) {
            KeyPath needed = mode == Mode.INSERT ? path.prefix(path.size() - 1) : path;
            throw NoSuchPathException.at(path, requireNonNull(tree), mode.remedy(needed.asCode()));
        }
        found = node;
        present = node == MISSING ? level : level + 1;
        editor.arrived(this);
    }

    private @Nullable Object run(int level) {
        runs++;
        result = callsOut() ? call() : step.apply(found);
        return outcome(level);
    }

    private @Nullable Object call() {
        Object input = found == MISSING ? null : editor.handOut(path, found);
        Object value = editor.isStrict() ? StrictMode.twice(path, step, input, editor.dialect()) : step.apply(input);
        if (value == null && mode.removesByNull()) {
            return found == null && mode == Mode.LIVE ? null : MISSING;
        }
        return Freeze.result(path, value, found, editor.dialect());
    }

    /** The new node at the place, wrapped in the missing parents; the existing node if it is unchanged. */
    private @Nullable Object outcome(int level) {
        if (TreeEquality.atAGlance(found, result)) {
            return found;
        }
        Object outcome = result;
        for (int above = path.size(); above > level; above--) {
            outcome = HashMap.<String, @Nullable Object>of(path.token(above - 1), outcome);
        }
        return outcome;
    }

    /** The node with another child; the node itself if the child is the same. */
    private @Nullable Object with(@Nullable Object node, int level, @Nullable Object child, @Nullable Object next) {
        if (next == child) {
            return node;
        }
        String token = path.token(level);
        if (mode == Mode.INSERT && level == path.size() - 1) {
            Vector<@Nullable Object> list = Nodes.list(requireNonNull(node));
            return token.equals(Nodes.DASH) ? list.append(next) : list.insert(Nodes.index(token), next);
        }
        return PathCopy.with(requireNonNull(node), token, child, next);
    }

    @Override
    @Nullable
    KeyPath conflict() {
        return runs > 1 ? path : null;
    }

    @Override
    String place() {
        return path.toString();
    }

    @Override
    ReadSet reads() {
        return isBlind()
                ? (before, after) -> true
                : (before, after) -> TreeEquality.atAGlance(PathCopy.look(before, path), PathCopy.look(after, path));
    }

    /** Whether the place is an element of a list. */
    boolean isInList() {
        return path.size() > 0 && container() instanceof Vector;
    }

    /** Whether a list on the path gets longer or shorter by this: the last container, or the place itself. */
    boolean changesLength() {
        return (found == MISSING || result == MISSING) && isInList();
    }

    /** The index of the first new element in a list, if this operation only appends; otherwise -1. */
    int appendsAt() {
        if (mode == Mode.EXTEND && found instanceof Vector<?> list) {
            return list.size();
        }
        if (found == MISSING && path.size() > 0 && container() instanceof Vector<?> list) {
            String token = path.token(path.size() - 1);
            return token.equals(Nodes.DASH) || Nodes.index(token) == list.size() ? list.size() : -1;
        }
        return -1;
    }

    /** The level of the list of {@link #appendsAt}, or of the list whose length changes. */
    int listLevel() {
        return mode == Mode.EXTEND ? path.size() : path.size() - 1;
    }

    /** The node at a level of the path after the last run. */
    @Nullable
    Object made(int level) {
        return level == path.size() ? result : PathCopy.look(made, path, level);
    }

    /** The only place that has changed: that of its edit, or one below it if parents were created. */
    KeyPath changedPlace() {
        return changesLength() ? path.prefix(path.size() - 1) : path;
    }

    private @Nullable Object container() {
        return PathCopy.look(tree, path, path.size() - 1);
    }

    @Override
    public List<Edit> get() {
        int size = path.size();
        int from = appendsAt();
        if (from >= 0) {
            Vector<@Nullable Object> list = Nodes.list(requireNonNull(made(listLevel())));
            return List.of(new Edit.Append(path.prefix(listLevel()), from, list.drop(from)));
        }
        if (changesLength()) {
            return List.of(put(size - 1));
        }
        if (result == MISSING) {
            return List.of(new Edit.Remove(path));
        }
        return List.of(put(Math.min(present, size)));
    }

    private Edit put(int level) {
        return Edit.Put.in(level == 0 ? null : made(level - 1), path.prefix(level), made(level));
    }

    private @Nullable Object below(@Nullable Object node, int level) {
        String token = path.token(level);
        boolean last = level == path.size() - 1;
        if (node instanceof HashMap && !(last && mode == Mode.INSERT)) {
            return Nodes.child(node, token);
        }
        if (node instanceof Vector<?> list && !(last && mode == Mode.LIVE)) {
            return element(list, token, level, last);
        }
        throw new TypeMismatchException(
                path.prefix(level),
                "cannot write " + path.forPeople() + ": " + path.prefix(level).forPeople() + " is "
                        + Descriptions.of(node) + ", not a "
                        + (!last ? "map or a list" : mode.container()));
    }

    private @Nullable Object element(Vector<?> list, String token, int level, boolean last) {
        int index = Nodes.index(token);
        boolean dash = last && mode.dash && token.equals(Nodes.DASH);
        if (index < 0 && !dash) {
            throw new TypeMismatchException(
                    path.prefix(level),
                    "cannot write " + path.forPeople() + ": "
                            + path.prefix(level).forPeople() + " is a list of "
                            + list.size() + ", and " + TreePrinter.brief(token) + " is no index of it"
                            + (token.equals(Nodes.DASH) ? " ('-' is for put, set, insert and append)" : ""));
        }
        if (dash || (last && mode == Mode.INSERT && index <= list.size())) {
            return MISSING;
        }
        if (index < list.size() && !(last && mode == Mode.INSERT)) {
            return list.get(index);
        }
        if (mode.makesParents || mode == Mode.INSERT) {
            throw NoSuchPathException.at(path, requireNonNull(tree));
        }
        return MISSING;
    }

    /** The demands of an operation on the place at its path, and whether its step is the caller's. */
    enum Mode {
        /** A value is there, or nothing; missing parents are made; {@code -} appends. Reads the value. */
        PUT(false, true, true, ReadSet.Kind.VALUE),
        /** As {@link #PUT}, but reads nothing. */
        SET(false, true, true, null),
        /** A value is there, or nothing; missing parents are made. */
        INIT(false, true, false, ReadSet.Kind.PRESENCE),
        /** The step is the caller's, and sees a value or nothing; missing parents are made. */
        COMPUTE(false, true, false, ReadSet.Kind.VALUE),
        /** As {@link #COMPUTE}, for a map in which a JSON null is nothing: it stays if the step makes nothing of it. */
        LIVE(false, true, false, ReadSet.Kind.VALUE),
        /** A value is there. */
        CHANGE(true, false, false, ReadSet.Kind.VALUE),
        /** A number is there, and is added to. */
        ADD(true, false, false, ReadSet.Kind.VALUE),
        /** The step is the caller's; a value is there. */
        UPDATE(true, false, false, ReadSet.Kind.VALUE),
        /** The list that is there gets longer at its end. */
        EXTEND(true, false, false, ReadSet.Kind.VALUE),
        /** A value is there, or nothing; without parents nothing happens. */
        ANY(false, false, false, ReadSet.Kind.VALUE),
        /** The value that is there goes; reads whether something is. */
        DISCARD(false, false, false, ReadSet.Kind.PRESENCE),
        /** A list is there, and the value goes in before the index. */
        INSERT(false, false, true, ReadSet.Kind.VALUE);

        final boolean mustExist;
        final boolean makesParents;
        final boolean dash;
        final ReadSet.@Nullable Kind reading;

        /** The required parent container of the place, in words that follow an article. */
        String container() {
            return this == INSERT ? "list" : this == LIVE ? "map" : "map or a list";
        }

        /** Whether the step is the caller's and answers null for nothing. */
        boolean removesByNull() {
            return this == COMPUTE || this == LIVE;
        }

        /**
         * The advice to call the method that creates the missing value, in words.
         *
         * @param place the path without a value, as Java code
         * @return empty if there is no advice
         */
        String remedy(String place) {
            return switch (this) {
                case INSERT -> "append and insert need a list there, and init(" + place + ", List.of()) makes one";
                case EXTEND -> "concat needs a string or a list there, and init(" + place + ", List.of()) makes one";
                case ADD -> "increment needs a number there, and init(" + place + ", 0) makes one";
                case UPDATE ->
                    "update needs a value there: init(" + place + ", ...) puts the first one, merge does both";
                default -> "";
            };
        }

        Mode(boolean mustExist, boolean makesParents, boolean dash, ReadSet.@Nullable Kind reading) {
            this.mustExist = mustExist;
            this.makesParents = makesParents;
            this.dash = dash;
            this.reading = reading;
        }
    }
}
