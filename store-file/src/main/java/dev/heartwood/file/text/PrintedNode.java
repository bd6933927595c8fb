package dev.heartwood.file.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a value in its place, from the line break before it to its last byte. That of a container can be cut into
 * its children, which have lines of their own, so that some of them can be replaced.
 */
final class PrintedNode {
    /** Of an array. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    // Invariant, once it is cut: child i is the text after the byte at starts[i], up to starts[i + 1]. That byte is the
    // comma before it, or, before the first child, the bracket that opens the container.
    private byte[] text;
    private int[] starts = new int[0];
    /** Those children that were put here one by one: they may be cut, too. */
    private List<@Nullable PrintedNode> children = List.of();
    /** Of a map, in their order. */
    private List<String> keys = List.of();

    PrintedNode(byte[] text) {
        this.text = text;
    }

    /** Nobody changes the bytes. */
    byte[] text() {
        return text;
    }

    int length() {
        return text.length;
    }

    boolean isCut() {
        return starts.length > 0;
    }

    /**
     * Cuts the text of a map.
     *
     * @param sorted its keys; one at least
     * @param depth how many containers are around its entries
     */
    void cut(List<String> sorted, int depth) {
        cut(sorted.size(), depth);
        keys = sorted;
    }

    /** Cuts the text of a container with so many children, one at least. */
    void cut(int count, int depth) {
        if (count == 0) {
            throw new AssertionError("an empty container has no lines to cut");
        }
        int[] found = new int[count + 1];
        int end = lastLine();
        int at = -1;
        for (int i = 0; i <= count; i++) {
            at = nextLine(at + 1, end, 2 * depth);
            found[i] = at - 1;
            if ((at == end) != (i == count)) {
                throw new AssertionError("expected " + count + " children in a text that has another number of them");
            }
        }
        // After the last child comes no comma.
        found[count]++;
        starts = found;
        children = new ArrayList<>(Collections.nCopies(count, null));
    }

    /** The line break before the next child; {@code end} where there is none. */
    private int nextLine(int from, int end, int indentation) {
        for (int i = from; i < end; i++) {
            if (text[i] == '\n' && isChild(i + 1, i + 1 + indentation)) {
                return i;
            }
        }
        return end;
    }

    /** A child begins behind its indentation; its content is indented further, and a bracket closes it. */
    private boolean isChild(int line, int at) {
        for (int i = line; i < at; i++) {
            if (text[i] != ' ') {
                return false;
            }
        }
        return text[at] != ' ' && text[at] != '}' && text[at] != ']';
    }

    /** The line break before the bracket that closes it. After the bracket of the whole tree there is another. */
    private int lastLine() {
        int at = text.length - 2;
        while (text[at] != '\n') {
            at--;
        }
        return at;
    }

    int count() {
        return starts.length - 1;
    }

    int childLength(int index) {
        return starts[index + 1] - starts[index] - 1;
    }

    /** A child; where it is changed, it must be put back. */
    PrintedNode child(int index) {
        PrintedNode child = children.get(index);
        return child != null ? child : new PrintedNode(Arrays.copyOfRange(text, starts[index] + 1, starts[index + 1]));
    }

    /** The index of an entry; where there is none with this key, -1 minus the index at which it would be. */
    int index(String key) {
        return Collections.binarySearch(keys, key);
    }

    /** Puts an entry where {@link #index} says. */
    void put(int index, String key, PrintedNode entry) throws SmallBuffer.FullException {
        if (index < 0) {
            keys.add(-1 - index, key);
            replace(-1 - index, -1 - index, List.of(entry));
        } else {
            replace(index, index + 1, List.of(entry));
        }
    }

    /** Takes an entry out, which is not the only one. */
    void remove(int index) throws SmallBuffer.FullException {
        keys.remove(index);
        replace(index, index + 1, List.of());
    }

    /**
     * Replaces the children from one index to another. At least one child is there afterwards.
     *
     * @throws SmallBuffer.FullException if the text would be longer than an array can be
     */
    void replace(int from, int to, List<PrintedNode> others) throws SmallBuffer.FullException {
        requireRoom(others, starts[to] - starts[from]);
        int more = others.size() - (to - from);
        int[] moved = Arrays.copyOf(starts, starts.length + more);
        int at = starts[from];
        for (int i = 0; i < others.size(); i++) {
            moved[from + i] = at;
            at += 1 + others.get(i).length();
        }
        for (int i = to; i < starts.length; i++) {
            moved[i + more] = starts[i] + at - starts[to];
        }
        text = spliced(starts[from], others, starts[to], at);
        starts = moved;
        List<@Nullable PrintedNode> replaced = children.subList(from, to);
        replaced.clear();
        replaced.addAll(others);
    }

    private void requireRoom(List<PrintedNode> others, int less) throws SmallBuffer.FullException {
        long next = (long) text.length - less;
        for (PrintedNode other : others) {
            next += 1L + other.length();
        }
        if (next > LONGEST) {
            throw new SmallBuffer.FullException();
        }
    }

    /** The text with other bytes from {@code from} on; the bytes at {@code tail} move to {@code newTail}. */
    private byte[] spliced(int from, List<PrintedNode> others, int tail, int newTail) {
        byte[] next = new byte[text.length + newTail - tail];
        System.arraycopy(text, 0, next, 0, from);
        System.arraycopy(text, tail, next, newTail, text.length - tail);
        if (tail < starts[count()]) {
            next[newTail] = ',';
        }
        int at = from;
        for (PrintedNode other : others) {
            next[at] = ',';
            System.arraycopy(other.text, 0, next, at + 1, other.length());
            at += 1 + other.length();
        }
        next[starts[0]] = text[starts[0]];
        return next;
    }
}
