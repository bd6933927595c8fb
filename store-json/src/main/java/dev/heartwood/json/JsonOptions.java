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
 * Options for reading and writing JSON, and the same methods as in {@link Json}. Each choice gives new
 * options. Immutable and thread-safe; keep them where they are used often.
 *
 * <p>The limits are the same for reading and for writing, so what was written can be read. A document that goes past
 * one is refused before it costs more than the limit.
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

    /** How numbers with a point or an exponent are read; {@link Decimals#SHORTEST} unless said. */
    public JsonOptions decimals(Decimals choice) {
        return new JsonOptions(limits, Objects.requireNonNull(choice, "decimals must not be null"), mapper, anyKeys);
    }

    /**
     * The mapper that writes leaves that JSON has no word for, an {@code Instant} or a record; they are refused unless
     * said.
     */
    public JsonOptions mapper(ObjectMapper choice) {
        return new JsonOptions(limits, decimals, Objects.requireNonNull(choice, "mapper must not be null"), anyKeys);
    }

    /**
     * How many containers may be nested: 0 to 1,000, which is what a tree may hold and the default.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxDepth(int containers) {
        Limits.requireWithin("depth", containers, 0, Nodes.DEPTH_LIMIT);
        return with(new Limits(containers, limits.number(), limits.string(), limits.key(), limits.document()));
    }

    /**
     * How many characters a number may have: 1,000 unless said, at least 24.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxNumberLength(int characters) {
        return with(new Limits(limits.depth(), characters, limits.string(), limits.key(), limits.document()));
    }

    /**
     * How many chars a string may have: 20 million unless said.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxStringLength(int chars) {
        return with(new Limits(limits.depth(), limits.number(), chars, limits.key(), limits.document()));
    }

    /**
     * How many chars a key may have: 50,000 unless said.
     *
     * @throws IllegalArgumentException if it is out of range; the message says the range
     */
    public JsonOptions maxKeyLength(int chars) {
        return with(new Limits(limits.depth(), limits.number(), limits.string(), chars, limits.document()));
    }

    /**
     * How many bytes a document may have, or chars where it is read as text: 256 MiB unless said.
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
     * refuses what cannot be written, and turns each leaf into the form in which it is read back.
     */
    public Dialect dialect() {
        return dialect;
    }

    /**
     * How a {@link dev.heartwood.Root} that keeps its tree as text spells it: as {@link #pretty(Object)} does, in
     * documents of up to 2 GB, with any number of keys of one hash. Thread-safe.
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
     * @throws UnsupportedValueException if it holds what JSON cannot say, or goes past a limit
     */
    public String write(@Nullable Object value) {
        TextOutput out = new TextOutput(null, limits.document());
        render(value, out, false);
        return out.toText();
    }

    /**
     * Writes the value to a stream, in UTF-8, as {@link #write(Object)} gives it; where it is refused, a part may be
     * written.
     */
    public void write(@Nullable Object value, OutputStream stream) {
        render(value, new Utf8Output(stream, limits.document()), false);
    }

    /** Writes the value to a writer, as {@link #write(Object)} gives it; where it is refused, a part may be written. */
    public void write(@Nullable Object value, Writer writer) {
        render(value, new TextOutput(writer, limits.document()), false);
    }

    /**
     * Writes the value to a file, as {@link #write(Object)} gives it, in UTF-8. A value that is refused leaves the file
     * as it was, but a crash need not: for a file that is always whole see {@code JsonFile}.
     */
    public void write(@Nullable Object value, Path path) {
        toFile(value, Objects.requireNonNull(path, "path must not be null"), false);
    }

    /**
     * The value as JSON, for people and for version control: two spaces a level, LF at the end of each line; a list of
     * scalars stays on one line where that has at most 80 bytes.
     *
     * @throws UnsupportedValueException if it holds what JSON cannot say, or goes past a limit
     */
    public String pretty(@Nullable Object value) {
        TextOutput out = new TextOutput(null, limits.document());
        render(value, out, true);
        return out.toText();
    }

    /**
     * Writes the value to a stream, in UTF-8, as {@link #pretty(Object)} gives it; where it is refused, a part may be
     * written.
     */
    public void pretty(@Nullable Object value, OutputStream stream) {
        render(value, new Utf8Output(stream, limits.document()), true);
    }

    /**
     * Writes the value to a writer, as {@link #pretty(Object)} gives it; where it is refused, a part may be written.
     */
    public void pretty(@Nullable Object value, Writer writer) {
        render(value, new TextOutput(writer, limits.document()), true);
    }

    /**
     * Writes the value to a file, as {@link #pretty(Object)} gives it, in UTF-8. A value that is refused leaves the
     * file as it was, but a crash need not: for a file that is always whole see {@code JsonFile}.
     */
    public void pretty(@Nullable Object value, Path path) {
        toFile(value, Objects.requireNonNull(path, "path must not be null"), true);
    }

    /**
     * For what the library wrote itself: as long as an array can be, and with any number of keys of one hash. What a
     * store held must be readable again.
     */
    JsonOptions ofOurs() {
        Limits ours =
                new Limits(limits.depth(), limits.number(), limits.string(), limits.key(), Integer.MAX_VALUE - 8L);
        return new JsonOptions(ours, decimals, mapper, true);
    }

    /** For trees inside a document of ours, {@code levels} deep, with paths of any length. */
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

    /** The node as JSON; what it holds is refused with its path from the root on, which ends with that within it. */
    byte[] writeBytes(KeyPath path, @Nullable Object node) {
        Utf8Output out = new Utf8Output(null, limits.document());
        try {
            render(node, out, false);
        } catch (UnsupportedValueException e) {
            throw new MappingException(path.resolve(e.path()), "below " + path + ": " + e.getMessage(), e);
        }
        return out.toBytes();
    }

    private void render(@Nullable Object value, JsonOutput out, boolean pretty) {
        Object tree = value instanceof TreeView view ? view.mapAt(KeyPath.root()) : Values.freeze(value);
        try {
            new TreeWriter(out, limits, leaves(), pretty).write(tree);
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
