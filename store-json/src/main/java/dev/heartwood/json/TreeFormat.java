package dev.heartwood.json;

import dev.heartwood.Dialect;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** How trees and values are spelled in the files. A tree that is written can be read again, and is the same then. */
public interface TreeFormat {
    /** The values that can be written, and the form in which each is read again. */
    Dialect dialect();

    /** Writes a tree for people: pretty, with sorted keys, in UTF-8, and always the same bytes for equal trees. */
    void pretty(HashMap<String, @Nullable Object> tree, OutputStream out) throws IOException;

    /**
     * Writes a child as it stands in {@link #pretty}: from the line break before it to its last byte, without the
     * comma.
     *
     * @param key the key of an entry; null for an element of a list
     * @param depth how many containers are around it
     */
    void prettyChild(@Nullable String key, @Nullable Object value, int depth, OutputStream out) throws IOException;

    /**
     * How many bytes {@link #pretty} writes. Takes the time of the distinct containers, and never that of the bytes: a
     * size of 2^50 or more is any number above that.
     */
    long size(HashMap<String, @Nullable Object> tree);

    /**
     * How many bytes {@link #prettyChild} writes; fewer, where the count would look at more than so many nodes.
     *
     * @param steps at how many nodes it may look
     */
    long childSize(@Nullable String key, @Nullable Object value, int depth, long steps);

    /** How many bytes a string takes. */
    long stringSize(String text);

    /** How many bytes {@link #pretty} may write at most, so that {@link #read} can read them. */
    long longest();

    /** A list of more elements than this has a line for each of them, wherever it stands. */
    int mostOnALine();

    /** Writes a value on one line. */
    void write(@Nullable Object value, OutputStream out) throws IOException;

    /**
     * Reads a tree, from the first byte to the last.
     *
     * @throws dev.heartwood.StoreException if there is none, or more; the message says where and what
     */
    HashMap<String, @Nullable Object> read(byte[] utf8);

    /**
     * Reads a value.
     *
     * @throws dev.heartwood.StoreException if there is none, or more
     */
    @Nullable
    Object readValue(String text);
}
