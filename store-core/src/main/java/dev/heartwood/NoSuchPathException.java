package dev.heartwood;

import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/** Nothing is at the path; the message names the deepest existing parent and what is there instead. */
public final class NoSuchPathException extends StoreException {
    private static final long serialVersionUID = 1L;

    private static final int MOST_KEYS = 12;

    private final KeyPath path;

    NoSuchPathException(KeyPath path, String message) {
        super(message);
        this.path = path;
    }

    /** The exception for {@code path}, which is missing in {@code tree}. */
    static NoSuchPathException at(KeyPath path, Object tree) {
        @Nullable Object parent = tree;
        int depth = 0;
        while (depth < path.size()) {
            Object child = Nodes.child(parent, path.token(depth));
            if (child == Nodes.MISSING) {
                break;
            }
            parent = child;
            depth++;
        }
        StringBuilder message = new StringBuilder("nothing at ").append(path.forPeople());
        message.append(": ")
                .append(path.prefix(depth).forPeople())
                .append(" is ")
                .append(describe(parent));
        if (path.size() == 1 && path.token(0).startsWith("/")) {
            String key = Text.cut(path.token(0));
            message.append("; \"").append(key).append("\" is one key here: did you mean KeyPath.parse(\"");
            message.append(key).append("\")?");
        }
        return new NoSuchPathException(path, message.toString());
    }

    private static String describe(@Nullable Object node) {
        if (node instanceof Vector<?> list) {
            return "a list of " + list.size();
        }
        if (!(node instanceof HashMap)) {
            return Text.describe(node);
        }
        HashMap<String, ?> map = Nodes.map(node);
        String keys =
                map.keysIterator().take(MOST_KEYS).toSortedSet().map(Text::cut).mkString(", ");
        int more = map.size() - MOST_KEYS;
        return map.isEmpty() ? "an empty map" : "a map with " + keys + (more > 0 ? " and " + more + " more keys" : "");
    }

    /** The path at which nothing is. */
    public KeyPath path() {
        return path;
    }
}
