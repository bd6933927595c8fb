package dev.heartwood;

import dev.heartwood.tree.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The path has no value; the message names the deepest existing parent and its content. */
public final class NoSuchPathException extends StoreException {
    private static final long serialVersionUID = 1L;

    private static final Pattern SEPARATORS = Pattern.compile("[./\\[\\]]");
    private static final int LONGEST_KEY = 200;

    private final KeyPath path;

    NoSuchPathException(KeyPath path, String message) {
        super(message);
        this.path = path;
    }

    /** The exception for {@code path}, which is missing in {@code tree}. */
    static NoSuchPathException at(KeyPath path, Object tree) {
        return at(path, tree, "");
    }

    /** The same, with advice; empty for none. */
    static NoSuchPathException at(KeyPath path, Object tree, String remedy) {
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
        String message = "nothing at " + path.forPeople() + ": "
                + path.prefix(depth).forPeople() + " is " + Descriptions.of(parent);
        // The place after the end of a list does not reveal the intended place.
        String meant = meant(path.endsWithDash() ? path.prefix(path.size() - 1) : path, depth, tree);
        String advice = meant.isEmpty() ? remedy : meant;
        return new NoSuchPathException(path, advice.isEmpty() ? message : message + "; " + advice);
    }

    /** The path that was meant by one whose first missing key spells a path itself: {@code "user.name"}. */
    private static String meant(KeyPath path, int depth, Object tree) {
        String key = depth < path.size() ? path.token(depth) : "";
        if (key.length() > LONGEST_KEY) {
            return "";
        }
        List<Object> steps = new ArrayList<>(path.prefix(depth).tokens());
        SEPARATORS.splitAsStream(key).filter(step -> !step.isEmpty()).forEach(steps::add);
        boolean split = steps.size() > depth + 1;
        steps.addAll(path.tokens().subList(Math.min(depth + 1, path.size()), path.size()));
        KeyPath meant = KeyPath.of(steps);
        String oneKey = TreePrinter.brief(key) + " is one key here: did you mean ";
        if (path.size() == 1 && key.startsWith("/")) {
            return oneKey + "KeyPath.parse(" + TreePrinter.brief(key) + ")?";
        }
        return split && PathCopy.look(tree, meant) != Nodes.MISSING ? oneKey + meant.asCode() + "?" : "";
    }

    /** The path at which nothing is. */
    public KeyPath path() {
        return path;
    }
}
