package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.heartwood.KeyPath;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree, keys in their natural order, with an explicit stack.
 *
 * <p>Pretty is: two spaces a level, LF, one entry or element a line; but a list of scalars is written on one line if
 * that is not longer than {@link #LINE} bytes. Ends with LF, as a text file does.
 */
final class TreeWriter {
    /** The maximum length of a line with a list, in bytes, without the comma after it. */
    static final int LINE = 80;
    /** An element takes three bytes there, or more: a digit, a comma and a space. */
    private static final int ELEMENT = 3;
    /** A list of more elements than this is never on one line. */
    static final int MOST_ON_A_LINE = LINE / ELEMENT;

    private final JsonOutput out;
    private final Limits limits;
    private final OpaqueLeaves leaves;
    private final boolean pretty;
    private @Nullable Level level;
    /** The number of containers around the present node. */
    private int around;

    private long lineStart;

    TreeWriter(JsonOutput out, Limits limits, OpaqueLeaves leaves, boolean pretty) {
        this.out = out;
        this.limits = limits;
        this.leaves = leaves;
        this.pretty = pretty;
    }

    /** Writes the whole tree. */
    void write(@Nullable Object root) throws IOException {
        try {
            whole(root);
            if (pretty) {
                out.ascii('\n');
            }
            out.finish();
        } catch (InvalidJsonException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Writes a child in the form that it has inside {@code depth} containers, from the line break before it; without a
     * key in a list. The path of a refused value begins at the child.
     */
    void writeChild(@Nullable String key, @Nullable Object value, int depth) throws IOException {
        try {
            around = depth;
            newLine(depth);
            if (key != null) {
                key(key);
            }
            whole(value);
            out.finish();
        } catch (InvalidJsonException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    private void whole(@Nullable Object value) throws IOException {
        value(value);
        while (level != null) {
            if (!advance(level)) {
                close(level);
            }
        }
    }

    /** Writes the next child of the container; false if there is none. */
    private boolean advance(Level here) throws IOException {
        if (!here.hasNext()) {
            return false;
        }
        if (here.position >= 0) {
            out.ascii(',');
        }
        here.position++;
        newLine(here.depth);
        if (here.elements != null) {
            value(here.elements.next());
        } else {
            key(here.entries, here.position);
            value(here.entries.value(here.position));
        }
        return true;
    }

    private void key(MapOrder entries, int position) throws IOException {
        String name = entries.name(position);
        if (name == null) {
            key(entries.key(position));
            return;
        }
        out.ascii(name);
        if (pretty) {
            out.ascii(' ');
        }
    }

    private void key(String key) throws IOException {
        if (key.length() > limits.key()) {
            throw new InvalidJsonException(JsonErrors.keyTooLong(key, limits));
        }
        out.string(key);
        out.ascii(':');
        if (pretty) {
            out.ascii(' ');
        }
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            out.ascii("null");
        } else if (value instanceof HashMap) {
            open(Nodes.map(value), null);
        } else if (value instanceof Vector) {
            Vector<@Nullable Object> list = Nodes.list(value);
            if (!pretty || !onOneLine(list)) {
                open(null, list);
            }
        } else if (!scalar(value)) {
            value(leaves.toTree(value));
        }
    }

    /** Writes a JSON scalar; false if it is none. */
    private boolean scalar(@Nullable Object value) throws IOException {
        if (value instanceof String string) {
            if (string.length() > limits.string()) {
                throw new InvalidJsonException(JsonErrors.stringTooLong(string, limits));
            }
            out.string(string);
        } else if (value instanceof Long whole) {
            out.whole(whole);
        } else if (value instanceof Double d) {
            out.ascii(NumberOutput.toString(d, true));
        } else if (value == null || value instanceof Boolean) {
            out.ascii(String.valueOf(value));
        } else if (value instanceof BigInteger whole) {
            out.ascii(JsonErrors.requireWritable(whole, limits));
        } else if (value instanceof BigDecimal decimal) {
            out.ascii(JsonErrors.requireWritable(decimal, limits));
        } else {
            return false;
        }
        return true;
    }

    private void open(@Nullable HashMap<String, @Nullable Object> map, @Nullable Vector<@Nullable Object> list)
            throws IOException {
        Level child = level == null ? new Level(null, around + 1, new KeyOrders()) : level.child();
        if (child.depth > limits.depth()) {
            throw new InvalidJsonException(
                    "more than " + limits.depth() + " nested containers, the most that is written");
        }
        level = child;
        child.position = -1;
        child.elements = list == null ? null : list.iterator();
        if (map != null) {
            child.entries.load(map);
        }
        out.ascii(map != null ? '{' : '[');
    }

    private void close(Level done) throws IOException {
        level = done.parent;
        if (done.position >= 0) {
            newLine(done.depth - 1);
        }
        out.ascii(done.elements == null ? '}' : ']');
    }

    private void newLine(int depth) throws IOException {
        if (pretty) {
            lineStart = out.total() + 1;
            out.newLine(depth);
        }
    }

    /** Writes a list of scalars on one line if it fits. */
    private boolean onOneLine(Vector<@Nullable Object> list) throws IOException {
        if (out.total() + (long) ELEMENT * list.size() > lineStart + LINE) {
            return false;
        }
        out.hold();
        if (!fitsAndIsWritable(list)) {
            out.takeBack();
            return false;
        }
        out.release();
        return true;
    }

    private boolean fitsAndIsWritable(Vector<@Nullable Object> list) throws IOException {
        try {
            return fits(list);
        } catch (InvalidJsonException e) {
            // It is refused again when each element has a line, and then the index of the refused one is known.
            return false;
        }
    }

    private boolean fits(Vector<@Nullable Object> list) throws IOException {
        out.ascii('[');
        boolean first = true;
        for (Object element : list) {
            if (element instanceof String string && string.length() > LINE) {
                return false;
            }
            if (!first) {
                out.ascii(", ");
            }
            first = false;
            if (Nodes.isContainer(element) || !scalar(element) || out.total() >= lineStart + LINE) {
                return false;
            }
        }
        out.ascii(']');
        return true;
    }

    private UnsupportedValueException refuse(String reason) {
        List<Object> steps = new ArrayList<>();
        for (Level here = level; here != null; here = here.parent) {
            if (here.position >= 0) {
                steps.add(here.elements == null ? here.entries.key(here.position) : (Object) here.position);
            }
        }
        Collections.reverse(steps);
        return new UnsupportedValueException(KeyPath.of(steps), reason);
    }

    /** An open container; kept for the next one of the same depth. */
    private static final class Level {
        final @Nullable Level parent;
        final int depth;
        private final KeyOrders orders;
        final MapOrder entries;
        /** The elements of a list; null in a map. */
        @Nullable
        Iterator<@Nullable Object> elements;

        int position = -1;

        private @Nullable Level child;

        Level(@Nullable Level parent, int depth, KeyOrders orders) {
            this.parent = parent;
            this.depth = depth;
            this.orders = orders;
            this.entries = new MapOrder(orders);
        }

        boolean hasNext() {
            return elements != null ? elements.hasNext() : position + 1 < entries.size();
        }

        Level child() {
            if (child == null) {
                child = new Level(this, depth + 1, orders);
            }
            return child;
        }
    }
}
