package dev.heartwood.json;

import dev.heartwood.Store;
import dev.heartwood.TreeView;
import io.vavr.collection.HashMap;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Trees as JSON (RFC 8259).
 *
 * <p><b>Exact.</b> A literal without point or exponent is a whole number: {@code Long}, or {@code BigInteger} beyond
 * its range; {@code -0} is 0. Any other number is a {@code Double} if the shortest decimal of the nearest double equals
 * it, otherwise a {@code BigDecimal}; see {@link Decimals}. Doubles are written as their shortest decimal. A tree that
 * is written and read back is equal in value, and also in type, except that a {@code BigDecimal} may become an equal
 * {@code Double}. Lone surrogates are written as {@code \}{@code uXXXX}.
 *
 * <p><b>Stable.</b> Keys are sorted by {@link String#compareTo}: equal trees give equal bytes, on every JDK.
 *
 * <p><b>Strict.</b> Duplicate keys, text after the value, comments, single quotes, NaN, bad UTF-8 and UTF-16 throw a
 * {@link JsonException} that names the place and the expected text; a byte order mark is skipped. Depth, lengths and
 * size are limited, see {@link JsonOptions}; so is the number of keys of one object that share a hash code.
 *
 * <p>A value to write is a {@link TreeView}, of which one state is written, or any value that a tree can hold. A leaf
 * that JSON cannot represent throws an {@link dev.heartwood.UnsupportedValueException} with its path, unless
 * {@link JsonOptions#mapper} can write it. Streams are neither closed nor flushed; a failing stream throws a
 * {@link dev.heartwood.StoreIOException}.
 *
 * <p>Nothing here recurses, so documents of any legal depth are read and written on any thread's stack.
 */
public final class Json {
    private Json() {}

    /** Options: limits, decimals, a mapper for leaves that JSON cannot represent. */
    public static JsonOptions options() {
        // Before the defaults are made: they would fail with an error about a missing method, and differently each
        // time.
        JacksonVersion.requireSupported();
        return JsonOptions.DEFAULT;
    }

    /**
     * Reads an object from JSON text.
     *
     * @throws JsonException if it is no JSON object, or past a limit
     */
    public static HashMap<String, @Nullable Object> read(String text) {
        return options().read(text);
    }

    /** Reads an object from UTF-8 bytes. */
    public static HashMap<String, @Nullable Object> read(byte[] utf8) {
        return options().read(utf8);
    }

    /** Reads an object from a stream of UTF-8 bytes, to its end; the stream stays open. */
    public static HashMap<String, @Nullable Object> read(InputStream stream) {
        return options().read(stream);
    }

    /** Reads an object from a reader, to its end; it stays open. */
    public static HashMap<String, @Nullable Object> read(Reader reader) {
        return options().read(reader);
    }

    /** Reads an object from a file in UTF-8. */
    public static HashMap<String, @Nullable Object> read(Path path) {
        return options().read(path);
    }

    /**
     * A new store in memory with the object from JSON text.
     *
     * @throws JsonException if it is no JSON object, or past a limit
     */
    public static Store readStore(String text) {
        return options().readStore(text);
    }

    /** A new store in memory with the object from UTF-8 bytes. */
    public static Store readStore(byte[] utf8) {
        return options().readStore(utf8);
    }

    /** A new store in memory with the object from a stream of UTF-8 bytes, to its end; the stream stays open. */
    public static Store readStore(InputStream stream) {
        return options().readStore(stream);
    }

    /** A new store in memory with the object from a reader, to its end; it stays open. */
    public static Store readStore(Reader reader) {
        return options().readStore(reader);
    }

    /** A new store in memory with the object from a file in UTF-8. */
    public static Store readStore(Path path) {
        return options().readStore(path);
    }

    /**
     * Reads any JSON value from JSON text.
     *
     * @throws JsonException if it is no JSON, or past a limit
     */
    public static @Nullable Object readValue(String text) {
        return options().readValue(text);
    }

    /** Reads any JSON value from UTF-8 bytes. */
    public static @Nullable Object readValue(byte[] utf8) {
        return options().readValue(utf8);
    }

    /** Reads any JSON value from a stream of UTF-8 bytes, to its end; the stream stays open. */
    public static @Nullable Object readValue(InputStream stream) {
        return options().readValue(stream);
    }

    /** Reads any JSON value from a reader, to its end; it stays open. */
    public static @Nullable Object readValue(Reader reader) {
        return options().readValue(reader);
    }

    /** Reads any JSON value from a file in UTF-8. */
    public static @Nullable Object readValue(Path path) {
        return options().readValue(path);
    }

    /**
     * The value as JSON, on one line, without spaces.
     *
     * @throws dev.heartwood.UnsupportedValueException if JSON cannot represent a part of it, or it exceeds a limit
     */
    public static String write(@Nullable Object value) {
        return options().write(value);
    }

    /**
     * Writes the value to a stream, in UTF-8, like {@link #write(Object)}; if it is refused, a part of it may have been
     * written.
     */
    public static void write(@Nullable Object value, OutputStream stream) {
        options().write(value, stream);
    }

    /**
     * Writes the value to a writer, like {@link #write(Object)}; if it is refused, a part of it may have been written.
     */
    public static void write(@Nullable Object value, Writer writer) {
        options().write(value, writer);
    }

    /**
     * Writes the value to a file, in UTF-8, like {@link #write(Object)}. A refused value leaves the file unchanged, but
     * a crash may damage it: for a file that is always whole see {@code JsonFile}.
     */
    public static void write(@Nullable Object value, Path path) {
        options().write(value, path);
    }

    /**
     * The value as JSON, for people and for version control: two spaces a level, LF at the end of each line; a list of
     * scalars is written on one line if that has at most 80 bytes.
     *
     * @throws dev.heartwood.UnsupportedValueException if JSON cannot represent a part of it, or it exceeds a limit
     */
    public static String pretty(@Nullable Object value) {
        return options().pretty(value);
    }

    /**
     * Writes the value to a stream, in UTF-8, like {@link #pretty(Object)}; if it is refused, a part of it may have
     * been written.
     */
    public static void pretty(@Nullable Object value, OutputStream stream) {
        options().pretty(value, stream);
    }

    /**
     * Writes the value to a writer, like {@link #pretty(Object)}; if it is refused, a part of it may have been written.
     */
    public static void pretty(@Nullable Object value, Writer writer) {
        options().pretty(value, writer);
    }

    /**
     * Writes the value to a file, in UTF-8, like {@link #pretty(Object)}. A refused value leaves the file unchanged,
     * but a crash may damage it: for a file that is always whole see {@code JsonFile}.
     */
    public static void pretty(@Nullable Object value, Path path) {
        options().pretty(value, path);
    }
}
