package dev.heartwood.json;

import dev.heartwood.Dialect;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The text format of trees and values in files. A written tree can be read again, and is equal then. */
public interface TreeFormat {
    /** The values that can be written, and the form in which each is read again. */
    Dialect dialect();

    /** Writes a tree for people: pretty, with sorted keys, in UTF-8, and always the same bytes for equal trees. */
    void pretty(HashMap<String, @Nullable Object> tree, OutputStream out) throws IOException;

    /**
     * Writes a child in the form that it has in {@link #pretty}: from the line break before it to its last byte,
     * without the comma.
     *
     * @param key the key of an entry; null for an element of a list
     * @param depth the number of containers around it
     */
    void prettyChild(@Nullable String key, @Nullable Object value, int depth, OutputStream out) throws IOException;

    /**
     * The number of bytes that {@link #pretty} writes. Takes time in proportion to the distinct containers, not to the
     * bytes: a size of 2^50 or more is returned as any number above that.
     */
    long size(HashMap<String, @Nullable Object> tree);

    /**
     * The number of bytes that {@link #prettyChild} writes; a smaller number if the count would visit more than {@code steps} nodes.
     *
     * @param steps the maximum number of nodes to visit
     */
    long childSize(@Nullable String key, @Nullable Object value, int depth, long steps);

    /** The number of bytes of a string. */
    long stringSize(String text);

    /** The maximum number of bytes that {@link #pretty} may write, so that {@link #read} can read them. */
    long longest();

    /** A list of more elements than this always has a line for each of them. */
    int mostOnALine();

    /** Writes a value on one line. */
    void write(@Nullable Object value, OutputStream out) throws IOException;

    /**
     * Reads a tree, from the first byte to the last.
     *
     * @throws dev.heartwood.StoreException if there is none, or more; the message names the place and the fault
     */
    HashMap<String, @Nullable Object> read(byte[] utf8);

    /**
     * Reads a tree whose text is still on its way, and waits for the rest of it. As it is here, it begins when all is there.
     *
     * @throws dev.heartwood.StoreException if there is none, or more; the message names the place and the fault
     * @throws java.util.concurrent.CancellationException if the text is abandoned
     */
    default HashMap<String, @Nullable Object> read(ArrivingText text) {
        return read(text.whole());
    }

    /**
     * Reads a value.
     *
     * @throws dev.heartwood.StoreException if there is none, or more
     */
    @Nullable
    Object readValue(String text);
}
