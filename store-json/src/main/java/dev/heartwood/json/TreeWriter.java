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
import java.util.Objects;
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

    /** The elements of a list that is not longer are got one by one, which is quicker than an iterator for them. */
    private static final int FEW = 32;

    private static final Ascii NO_ENTRIES = new Ascii("{}");
    private static final Ascii NO_ELEMENTS = new Ascii("[]");
    private static final Ascii NULL = new Ascii("null");
    private static final Ascii TRUE = new Ascii("true");
    private static final Ascii FALSE = new Ascii("false");

    private final JsonOutput out;
    private final Limits limits;
    private final OpaqueLeaves leaves;
    private final boolean pretty;
    private KeyPath place = KeyPath.root();
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

    /** The same writer; the paths of refused values are those of a tree at a place. */
    TreeWriter at(KeyPath choice) {
        place = choice;
        return this;
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
        for (Level here = level; here != null; here = level) {
            if (here.list == null ? entries(here) : elements(here)) {
                close(here);
            }
        }
    }

    /** Writes entries until one of them is a container, which is open then. Returns whether all are written. */
    private boolean entries(Level here) throws IOException {
        MapOrder entries = here.entries;
        KeyOrders.Order order = entries.order();
        int position = here.position;
        while (position + 1 < here.size) {
            here.position = ++position;
            Ascii name = order.name(position);
            if (name == null) {
                separate(here, position);
                key(order.key(position));
            } else {
                if (pretty) {
                    separate(here, position);
                }
                out.ascii(name);
            }
            value(entries.value(position));
            if (level != here) {
                return false;
            }
        }
        return true;
    }

    /** As {@link #entries}, for elements. */
    private boolean elements(Level here) throws IOException {
        Vector<@Nullable Object> list = Objects.requireNonNull(here.list);
        int position = here.position;
        while (position + 1 < here.size) {
            here.position = ++position;
            separate(here, position);
            value(here.elements != null ? here.elements.next() : list.get(position));
            if (level != here) {
                return false;
            }
        }
        return true;
    }

    private void separate(Level here, int position) throws IOException {
        if (position > 0) {
            out.ascii(',');
        }
        newLine(here.depth);
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
            out.ascii(NULL);
        } else if (value instanceof HashMap) {
            HashMap<String, @Nullable Object> map = Nodes.map(value);
            requireRoom();
            if (map.isEmpty()) {
                out.ascii(NO_ENTRIES);
            } else {
                open(map);
            }
        } else if (value instanceof Vector) {
            Vector<@Nullable Object> list = Nodes.list(value);
            requireRoom();
            if (list.isEmpty()) {
                out.ascii(NO_ELEMENTS);
            } else if (!pretty || !onOneLine(list)) {
                open(list);
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
        } else if (value instanceof Boolean is) {
            out.ascii(is ? TRUE : FALSE);
        } else if (value == null) {
            out.ascii(NULL);
        } else if (value instanceof BigInteger whole) {
            out.ascii(JsonErrors.requireWritable(whole, limits));
        } else if (value instanceof BigDecimal decimal) {
            out.ascii(JsonErrors.requireWritable(decimal, limits));
        } else {
            return false;
        }
        return true;
    }

    private void requireRoom() {
        if ((level == null ? around : level.depth) >= limits.depth()) {
            throw new InvalidJsonException(
                    "more than " + limits.depth() + " nested containers, the most that is written");
        }
    }

    private void open(HashMap<String, @Nullable Object> map) throws IOException {
        Level child = child();
        KeyOrders.Order guess = level == null ? KeyOrders.NONE : level.kind();
        child.entries.load(map, guess);
        if (level != null && child.entries.order() != guess) {
            level.kind(child.entries.order());
        }
        child.size = child.entries.size();
        child.list = null;
        level = child;
        out.ascii('{');
    }

    private void open(Vector<@Nullable Object> list) throws IOException {
        Level child = child();
        if (level != null && level.list == null) {
            child.kind = level.kind();
        }
        child.size = list.size();
        child.list = list;
        child.elements = child.size <= FEW ? null : list.iterator();
        level = child;
        out.ascii('[');
    }

    private Level child() {
        Level child = level == null ? new Level(null, around + 1, new KeyOrders(pretty, limits.key())) : level.child();
        child.position = -1;
        return child;
    }

    private void close(Level done) throws IOException {
        level = done.parent;
        newLine(done.depth - 1);
        out.ascii(done.list == null ? '}' : ']');
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
                steps.add(here.list == null ? here.entries.key(here.position) : (Object) here.position);
            }
        }
        Collections.reverse(steps);
        return new UnsupportedValueException(place.resolve(KeyPath.of(steps)), reason);
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

        @Nullable
        Vector<@Nullable Object> list;

        int size;
        int position = -1;
        /** The order of the last map that was a child. */
        KeyOrders.Order kind = KeyOrders.NONE;

        private @Nullable Level child;

        Level(@Nullable Level parent, int depth, KeyOrders orders) {
            this.parent = parent;
            this.depth = depth;
            this.orders = orders;
            this.entries = new MapOrder(orders);
        }

        /** The order that the next child is likely to have, if it is a map; or the maps in it, if it is a list. */
        KeyOrders.Order kind() {
            KeyOrders.Order known = list == null ? entries.order().kind(position) : null;
            return known != null ? known : kind;
        }

        void kind(KeyOrders.Order found) {
            kind = found;
            if (list == null) {
                entries.order().kind(position, found);
            } else if (parent != null && parent.list == null) {
                parent.kind(found);
            }
        }

        Level child() {
            if (child == null) {
                child = new Level(this, depth + 1, orders);
            }
            return child;
        }
    }
}
