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
 * it; {@code -0} is 0. Any other is a {@code Double} where the shortest decimal of the nearest double says it, else a
 * {@code BigDecimal}; see {@link Decimals}. Doubles are written by their shortest decimal. A tree that is written and
 * read back is equal in value, and in type but for a {@code BigDecimal} that a {@code Double} can say. Lone surrogates
 * are written as {@code \}{@code uXXXX}.
 *
 * <p><b>Stable.</b> Keys are sorted by {@link String#compareTo}: equal trees give equal bytes, on every JDK.
 *
 * <p><b>Strict.</b> Duplicate keys, text after the value, comments, single quotes, NaN, bad UTF-8 and UTF-16 are a
 * {@link JsonException} that says where and what was expected; a byte order mark is skipped. Depth, lengths and size
 * are limited, see {@link JsonOptions}; so is the number of keys of one object that share a hash code.
 *
 * <p>Values to write are a {@link TreeView}, of which one state is written, or whatever a tree can hold. A leaf that
 * JSON has no word for is an {@link dev.heartwood.UnsupportedValueException} with its path, unless {@link JsonOptions#mapper}
 * says how to write it. Streams are neither closed nor flushed; failing ones are a
 * {@link dev.heartwood.StoreIOException}.
 *
 * <p>Nothing here recurses, so documents of any legal depth are read and written on any thread's stack.
 */
public final class Json {
    private Json() {}

    /** Options: limits, decimals, a mapper for leaves that JSON has no word for. */
    public static JsonOptions options() {
        // Before the defaults are made: they would fail with the error of some missing method, and differently each
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
     * @throws dev.heartwood.UnsupportedValueException if it holds what JSON cannot say, or goes past a limit
     */
    public static String write(@Nullable Object value) {
        return options().write(value);
    }

    /**
     * Writes the value to a stream, in UTF-8, as {@link #write(Object)} gives it; where it is refused, a part may be
     * written.
     */
    public static void write(@Nullable Object value, OutputStream stream) {
        options().write(value, stream);
    }

    /** Writes the value to a writer, as {@link #write(Object)} gives it; where it is refused, a part may be written. */
    public static void write(@Nullable Object value, Writer writer) {
        options().write(value, writer);
    }

    /**
     * Writes the value to a file, as {@link #write(Object)} gives it, in UTF-8. A value that is refused leaves the file
     * as it was, but a crash need not: for a file that is always whole see {@code JsonFile}.
     */
    public static void write(@Nullable Object value, Path path) {
        options().write(value, path);
    }

    /**
     * The value as JSON, for people and for version control: two spaces a level, LF at the end of each line; a list of
     * scalars stays on one line where that has at most 80 bytes.
     *
     * @throws dev.heartwood.UnsupportedValueException if it holds what JSON cannot say, or goes past a limit
     */
    public static String pretty(@Nullable Object value) {
        return options().pretty(value);
    }

    /**
     * Writes the value to a stream, in UTF-8, as {@link #pretty(Object)} gives it; where it is refused, a part may be
     * written.
     */
    public static void pretty(@Nullable Object value, OutputStream stream) {
        options().pretty(value, stream);
    }

    /**
     * Writes the value to a writer, as {@link #pretty(Object)} gives it; where it is refused, a part may be written.
     */
    public static void pretty(@Nullable Object value, Writer writer) {
        options().pretty(value, writer);
    }

    /**
     * Writes the value to a file, as {@link #pretty(Object)} gives it, in UTF-8. A value that is refused leaves the
     * file as it was, but a crash need not: for a file that is always whole see {@code JsonFile}.
     */
    public static void pretty(@Nullable Object value, Path path) {
        options().pretty(value, path);
    }
}
