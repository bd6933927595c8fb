package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.heartwood.tree.Nodes;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that {@link TreeWriter} would write for a pretty document, without writing them. A container that
 * occurs many times is counted once: so the count takes time in proportion to the distinct containers, not to the paths
 * to them. It uses an explicit stack.
 */
final class WrittenSize {
    /** A count stops here: no disk has room for it, and the arithmetic stays far from overflow. */
    static final long UNBOUNDED = 1L << 50;

    /**
     * From this depth on no list is written on one line, so the number of lines of a container does not depend on its
     * place.
     */
    private static final int DEEP = TreeWriter.LINE / 2;
    /** A container of fewer nodes takes less time to count again than to look up. */
    private static final int WORTH_KEEPING = 32;

    private final long most;
    private long steps;
    private long bytes;
    private long lines;
    private @Nullable Frame frame;
    /** The outermost frame, made for the first container; each frame is kept for the next container of its depth. */
    private @Nullable Frame outermost;
    /** The counts, by the depth at which each node stands: one map for all depths from {@link #DEEP} on. */
    private final List<@Nullable IdentityHashMap<Object, Counted>> known = new ArrayList<>();

    private record Counted(long bytes, long lines, int depth) {}

    private WrittenSize(long most, long steps) {
        this.most = Math.min(most, UNBOUNDED);
        this.steps = steps;
    }

    /** The size of a whole document; if it exceeds {@code most}, any larger number. */
    static long ofDocument(HashMap<String, @Nullable Object> tree, long most) {
        WrittenSize size = new WrittenSize(most, Long.MAX_VALUE);
        size.count(tree, 0, 0);
        return size.bytes + 1;
    }

    /**
     * The size of a child from the line break before it to its last byte. If the size exceeds {@code most}, or the
     * count takes more steps than allowed, a lower bound.
     *
     * @param key the key of an entry; null for an element of a list
     * @param depth the number of containers around it
     */
    static long ofChild(@Nullable String key, @Nullable Object value, int depth, long most, long steps) {
        WrittenSize size = new WrittenSize(most, steps);
        long column = 2L * depth;
        if (key != null) {
            column += quoted(key) + 2;
        }
        size.bytes = 1 + column;
        size.count(value, depth, column);
        return size.bytes;
    }

    private void count(@Nullable Object root, int depth, long column) {
        value(root, depth, column);
        while (frame != null && bytes <= most && steps > 0) {
            if (!child(frame)) {
                close(frame);
            }
        }
    }

    /** Counts the next child; false if there is none. */
    private boolean child(Frame parent) {
        if (!parent.advance()) {
            return false;
        }
        int depth = parent.depth + 1;
        long column = 2L * depth;
        bytes += (parent.isFirst ? 0 : 1) + 1 + column;
        lines++;
        parent.isFirst = false;
        if (parent.key != null) {
            int key = quoted(parent.key) + 2;
            bytes += key;
            column += key;
        }
        value(parent.value, depth, column);
        return true;
    }

    private void value(@Nullable Object value, int depth, long column) {
        steps--;
        if (value instanceof HashMap<?, ?> map) {
            if (map.isEmpty()) {
                bytes += 2;
            } else {
                open(map, depth);
            }
        } else if (value instanceof Vector<?> list) {
            long line = list.isEmpty() ? 2 : depth < DEEP ? onOneLine(list, column) : -1;
            if (line >= 0) {
                bytes += line;
            } else {
                open(list, depth);
            }
        } else {
            bytes += scalar(value);
        }
    }

    private void open(Object container, int depth) {
        IdentityHashMap<Object, Counted> counted = known(depth);
        Counted before = counted == null ? null : counted.get(container);
        if (before != null) {
            // Each line of it is indented by the same number of spaces more; the number of lines stays the same.
            bytes += before.bytes + 2L * (depth - before.depth) * before.lines;
            lines += before.lines;
        } else {
            frame = (frame == null ? outermost() : frame.below()).of(this, container, depth);
            bytes += 2;
        }
    }

    /** Most values that are counted are scalars, which need no frame. */
    private Frame outermost() {
        if (outermost == null) {
            outermost = new Frame(null);
        }
        return outermost;
    }

    private void close(Frame done) {
        bytes += 1 + 2L * done.depth;
        lines++;
        if (done.steps - steps > WORTH_KEEPING) {
            keep(done.depth).put(done.container, new Counted(bytes - done.bytes, lines - done.lines, done.depth));
        }
        frame = done.parent;
    }

    private @Nullable IdentityHashMap<Object, Counted> known(int depth) {
        int index = Math.min(depth, DEEP);
        return index < known.size() ? known.get(index) : null;
    }

    private IdentityHashMap<Object, Counted> keep(int depth) {
        int index = Math.min(depth, DEEP);
        while (known.size() <= index) {
            known.add(null);
        }
        IdentityHashMap<Object, Counted> counted = known.get(index);
        if (counted == null) {
            counted = new IdentityHashMap<>();
            known.set(index, counted);
        }
        return counted;
    }

    /** The size of a list of scalars that fits on the line where it begins; -1 if it does not. */
    private static long onOneLine(Vector<?> list, long column) {
        if (list.size() > TreeWriter.MOST_ON_A_LINE) {
            return -1;
        }
        long length = 1;
        boolean first = true;
        for (Object element : list) {
            if (element instanceof HashMap
                    || element instanceof Vector
                    || (element instanceof String string && string.length() > TreeWriter.LINE)) {
                return -1;
            }
            length += (first ? 0 : 2) + scalar(element);
            first = false;
            if (column + length >= TreeWriter.LINE) {
                return -1;
            }
        }
        return length + 1;
    }

    private static int scalar(@Nullable Object value) {
        if (value instanceof String string) {
            return quoted(string);
        } else if (value instanceof Long whole) {
            return digits(whole);
        } else if (value instanceof Double d) {
            return NumberOutput.toString(d, true).length();
        } else if (value == null || value instanceof Boolean) {
            return String.valueOf(value).length();
        } else if (value instanceof BigInteger whole) {
            return whole.toString().length();
        } else if (value instanceof BigDecimal decimal) {
            return DecimalLiteral.write(decimal).length();
        }
        throw new AssertionError("the dialect of the file admits no " + value.getClass());
    }

    private static int digits(long whole) {
        if (whole == Long.MIN_VALUE) {
            return 20;
        }
        int digits = whole < 0 ? 2 : 1;
        for (long rest = Math.abs(whole); rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /** The bytes of a string in quotes. */
    static int quoted(String text) {
        int length = text.length();
        int size = length + 2;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                size += Escaping.isPlain(c) ? 0 : Escaping.of(c).length() - 1;
            } else if (c < 0x800) {
                size++;
            } else if (!Character.isSurrogate(c)) {
                size += 2;
            } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                size += 2;
                i++;
            } else {
                size += JsonOutput.ESCAPED - 1;
            }
        }
        return size;
    }

    /** A container whose children are being counted, and the values of the counters before it. */
    private static final class Frame extends EntryBuffer {
        final @Nullable Frame parent;
        private @Nullable Frame below;

        Object container = "";
        int depth;
        long bytes;
        long lines;
        long steps;
        boolean isFirst;

        /** The child at which the frame is: its key in a map, and its value. */
        @Nullable
        String key;

        @Nullable
        Object value;

        /** How many of the entries that were taken out of a map are counted. */
        private int next;
        /** The children of a list, or of a map that is too large to be looked through as a whole; null for other maps. */
        private @Nullable Iterator<?> children;

        Frame(@Nullable Frame parent) {
            this.parent = parent;
        }

        Frame below() {
            if (below == null) {
                below = new Frame(this);
            }
            return below;
        }

        /** Makes this the frame of a container. */
        Frame of(WrittenSize counting, Object opened, int at) {
            container = opened;
            depth = at;
            bytes = counting.bytes;
            lines = counting.lines;
            steps = counting.steps;
            isFirst = true;
            key = null;
            next = 0;
            children = null;
            if (opened instanceof HashMap<?, ?> map) {
                if (map.size() <= counting.steps) {
                    take(Nodes.map(map));
                } else {
                    children = map.iterator();
                }
            } else {
                children = ((Vector<?>) opened).iterator();
            }
            return this;
        }

        /** Goes to the next child; false if there is none. */
        boolean advance() {
            if (children == null) {
                if (next == size) {
                    return false;
                }
                key = keys[next];
                value = values[next++];
                return true;
            }
            if (!children.hasNext()) {
                return false;
            }
            Object child = children.next();
            if (container instanceof HashMap) {
                Tuple2<?, ?> entry = (Tuple2<?, ?>) child;
                key = (String) entry._1;
                child = entry._2;
            }
            value = child;
            return true;
        }
    }
}
