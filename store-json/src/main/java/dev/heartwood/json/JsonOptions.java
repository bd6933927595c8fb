package dev.heartwood.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.Dialect;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.TreeView;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.Values;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options for reading and writing JSON, with the same methods as {@link Json}. Each setter returns new options.
 * Immutable and thread-safe; build them once if you use them often.
 *
 * <p>The limits are the same for reading and for writing, so every written document can be read. A document that
 * exceeds a limit is refused before it costs more than the limit.
 */
public final class JsonOptions {
    static final JsonOptions DEFAULT = new JsonOptions(Limits.DEFAULT, Decimals.SHORTEST, null, false);

    private final Limits limits;
    private final Decimals decimals;
    private final @Nullable ObjectMapper mapper;
    private final boolean anyKeys;
    private final ParserFactory parsers;
    private final Dialect dialect;

    private JsonOptions(Limits limits, Decimals decimals, @Nullable ObjectMapper mapper, boolean anyKeys) {
        this.limits = limits;
        this.decimals = decimals;
        this.mapper = mapper;
        this.anyKeys = anyKeys;
        this.parsers = new ParserFactory(limits);
        this.dialect = new JsonDialect(limits, decimals);
    }

    /** Sets how numbers with a point or an exponent are read. Default: {@link Decimals#SHORTEST}. */
    public JsonOptions decimals(Decimals choice) {
        return new JsonOptions(limits, Objects.requireNonNull(choice, "decimals must not be null"), mapper, anyKeys);
    }

    /**
     * Sets the mapper that writes leaves that JSON cannot represent, such as an {@code Instant} or a record. Default:
     * none; such leaves are refused.
     */
    public JsonOptions mapper(ObjectMapper choice) {
        return new JsonOptions(limits, decimals, Objects.requireNonNull(choice, "mapper must not be null"), anyKeys);
    }

    /**
     * Limits the number of nested containers: 0 to 1,000. Default: 1,000, the limit of a tree.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxDepth(int containers) {
        Limits.requireWithin("depth", containers, 0, Nodes.DEPTH_LIMIT);
        return with(new Limits(containers, limits.number(), limits.string(), limits.key(), limits.document()));
    }

    /**
     * Limits the length of a number, in characters: at least 24. Default: 1,000.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxNumberLength(int characters) {
        return with(new Limits(limits.depth(), characters, limits.string(), limits.key(), limits.document()));
    }

    /**
     * Limits the length of a string, in chars. Default: 20 million.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxStringLength(int chars) {
        return with(new Limits(limits.depth(), limits.number(), chars, limits.key(), limits.document()));
    }

    /**
     * Limits the length of a key, in chars. Default: 50,000.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxKeyLength(int chars) {
        return with(new Limits(limits.depth(), limits.number(), limits.string(), chars, limits.document()));
    }

    /**
     * Limits the size of a document, in bytes, or in chars if it is read as text. Default: 256 MiB.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxDocumentLength(long bytes) {
        return with(new Limits(limits.depth(), limits.number(), limits.string(), limits.key(), bytes));
    }

    private JsonOptions with(Limits choice) {
        return new JsonOptions(choice, decimals, mapper, anyKeys);
    }

    /**
     * The values that a document under these options can hold, for a {@link dev.heartwood.Root} that stores JSON:
     * refuses values that cannot be written, and converts each leaf into the form in which it is read back.
     */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * The format of a {@link dev.heartwood.Root} that keeps its tree as text: that of {@link #pretty(Object)}, in
     * documents of up to 2 GB, with any number of keys that share a hash code. Thread-safe.
     */
    public TreeFormat treeFormat() {
        return new PrettyFormat(this);
    }

    /**
     * Reads an object from JSON text.
     *
     * @throws JsonException if it is no JSON object, or past a limit
     */
    public HashMap<String, @Nullable Object> read(String text) {
        return JsonSource.of(this, Objects.requireNonNull(text, "text must not be null"))
                .map(this);
    }

    /** Reads an object from UTF-8 bytes. */
    public HashMap<String, @Nullable Object> read(byte[] utf8) {
        return JsonSource.of(this, Objects.requireNonNull(utf8, "utf8 must not be null"))
                .map(this);
    }

    /** Reads an object from a stream of UTF-8 bytes, to its end; the stream stays open. */
    public HashMap<String, @Nullable Object> read(InputStream stream) {
        return JsonSource.of(this, stream).map(this);
    }

    /** Reads an object from a reader, to its end; it stays open. */
    public HashMap<String, @Nullable Object> read(Reader reader) {
        return JsonSource.of(this, reader).map(this);
    }

    /** Reads an object from a file in UTF-8. */
    public HashMap<String, @Nullable Object> read(Path path) {
        return JsonSource.of(this, Objects.requireNonNull(path, "path must not be null"))
                .map(this);
    }

    /**
     * A new store in memory with the object from JSON text.
     *
     * @throws JsonException if it is no JSON object, or past a limit
     */
    public Store readStore(String text) {
        return Store.of(read(text));
    }

    /** A new store in memory with the object from UTF-8 bytes. */
    public Store readStore(byte[] utf8) {
        return Store.of(read(utf8));
    }

    /** A new store in memory with the object from a stream of UTF-8 bytes, to its end; the stream stays open. */
    public Store readStore(InputStream stream) {
        return Store.of(read(stream));
    }

    /** A new store in memory with the object from a reader, to its end; it stays open. */
    public Store readStore(Reader reader) {
        return Store.of(read(reader));
    }

    /** A new store in memory with the object from a file in UTF-8. */
    public Store readStore(Path path) {
        return Store.of(read(path));
    }

    /**
     * Reads any JSON value from JSON text.
     *
     * @throws JsonException if it is no JSON, or past a limit
     */
    public @Nullable Object readValue(String text) {
        return JsonSource.of(this, Objects.requireNonNull(text, "text must not be null"))
                .value(this);
    }

    /** Reads any JSON value from UTF-8 bytes. */
    public @Nullable Object readValue(byte[] utf8) {
        return JsonSource.of(this, Objects.requireNonNull(utf8, "utf8 must not be null"))
                .value(this);
    }

    /** Reads any JSON value from a stream of UTF-8 bytes, to its end; the stream stays open. */
    public @Nullable Object readValue(InputStream stream) {
        return JsonSource.of(this, stream).value(this);
    }

    /** Reads any JSON value from a reader, to its end; it stays open. */
    public @Nullable Object readValue(Reader reader) {
        return JsonSource.of(this, reader).value(this);
    }

    /** Reads any JSON value from a file in UTF-8. */
    public @Nullable Object readValue(Path path) {
        return JsonSource.of(this, Objects.requireNonNull(path, "path must not be null"))
                .value(this);
    }

    /**
     * The value as JSON, on one line, without spaces.
     *
     * @throws UnsupportedValueException if JSON cannot represent a part of it, or it exceeds a limit
     */
    public String write(@Nullable Object value) {
        TextOutput out = new TextOutput(null, limits.document());
        render(value, out, false);
        return out.toText();
    }

    /**
     * Writes the value to a stream, in UTF-8, like {@link #write(Object)}; if it is refused, a part of it may have been
     * written.
     */
    public void write(@Nullable Object value, OutputStream stream) {
        render(value, new Utf8Output(stream, limits.document()), false);
    }

    /**
     * Writes the value to a writer, like {@link #write(Object)}; if it is refused, a part of it may have been written.
     */
    public void write(@Nullable Object value, Writer writer) {
        render(value, new TextOutput(writer, limits.document()), false);
    }

    /**
     * Writes the value to a file, in UTF-8, like {@link #write(Object)}. A refused value leaves the file unchanged, but
     * a crash may damage it: for a file that is always whole see {@code JsonFile}.
     */
    public void write(@Nullable Object value, Path path) {
        toFile(value, Objects.requireNonNull(path, "path must not be null"), false);
    }

    /**
     * The value as JSON, for people and for version control: two spaces a level, LF at the end of each line; a list of
     * scalars is written on one line if that has at most 80 bytes.
     *
     * @throws UnsupportedValueException if JSON cannot represent a part of it, or it exceeds a limit
     */
    public String pretty(@Nullable Object value) {
        TextOutput out = new TextOutput(null, limits.document());
        render(value, out, true);
        return out.toText();
    }

    /**
     * Writes the value to a stream, in UTF-8, like {@link #pretty(Object)}; if it is refused, a part of it may have
     * been written.
     */
    public void pretty(@Nullable Object value, OutputStream stream) {
        render(value, new Utf8Output(stream, limits.document()), true);
    }

    /**
     * Writes the value to a writer, like {@link #pretty(Object)}; if it is refused, a part of it may have been written.
     */
    public void pretty(@Nullable Object value, Writer writer) {
        render(value, new TextOutput(writer, limits.document()), true);
    }

    /**
     * Writes the value to a file, in UTF-8, like {@link #pretty(Object)}. A refused value leaves the file unchanged,
     * but a crash may damage it: for a file that is always whole see {@code JsonFile}.
     */
    public void pretty(@Nullable Object value, Path path) {
        toFile(value, Objects.requireNonNull(path, "path must not be null"), true);
    }

    /**
     * For documents that the library itself wrote: up to the maximum length of an array, and with any number of keys
     * that share a hash code, because the content of a store must be readable again.
     */
    JsonOptions ofOurs() {
        Limits ours =
                new Limits(limits.depth(), limits.number(), limits.string(), limits.key(), Integer.MAX_VALUE - 8L);
        return new JsonOptions(ours, decimals, mapper, true);
    }

    /** For patches: a list of operations around values that may be as deep as a tree. */
    JsonOptions ofPatches() {
        return with(new Limits(
                limits.depth() + Limits.ENVELOPE, limits.number(), limits.string(), limits.key(), limits.document()));
    }

    /** A tree of the library as JSON, which may be deeper than that of a store. */
    String writeTree(@Nullable Object tree) {
        TextOutput out = new TextOutput(null, limits.document());
        render(KeyPath.root(), tree, out, false);
        return out.toText();
    }

    /** For trees inside a document of the library, {@code levels} deep, with paths of any length. */
    JsonOptions within(int levels) {
        return with(new Limits(
                limits.depth() + levels, limits.number(), Integer.MAX_VALUE, limits.key(), limits.document()));
    }

    boolean takesAnyKeys() {
        return anyKeys;
    }

    Limits limits() {
        return limits;
    }

    Decimals decimals() {
        return decimals;
    }

    ParserFactory parsers() {
        return parsers;
    }

    OpaqueLeaves leaves() {
        return mapper == null ? OpaqueLeaves.REFUSED : OpaqueLeaves.mapped(mapper, this);
    }

    /** The node at a place as JSON. */
    byte[] writeBytes(KeyPath place, @Nullable Object node) {
        Utf8Output out = new Utf8Output(null, limits.document());
        try {
            render(place, Values.freeze(node), out, false);
        } catch (UnsupportedValueException e) {
            throw new MappingException(e.path(), String.valueOf(e.getMessage()), e);
        }
        return out.toBytes();
    }

    private void render(@Nullable Object value, JsonOutput out, boolean pretty) {
        if (value instanceof TreeView view) {
            render(view.place(), view.mapAt(KeyPath.root()), out, pretty);
        } else {
            render(KeyPath.root(), Values.freeze(value), out, pretty);
        }
    }

    private void render(KeyPath place, @Nullable Object tree, JsonOutput out, boolean pretty) {
        try {
            new TreeWriter(out, limits, leaves(), pretty).at(place).write(tree);
        } catch (IOException e) {
            throw new StoreIOException("cannot write JSON: " + e, e);
        }
    }

    private void toFile(@Nullable Object value, Path path, boolean pretty) {
        Utf8Output out = new Utf8Output(null, limits.document());
        render(value, out, pretty);
        try {
            Files.write(path, out.toBytes());
        } catch (IOException e) {
            throw new StoreIOException("cannot write " + path + ": " + e, e);
        }
    }
}
