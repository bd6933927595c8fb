package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import dev.heartwood.Dialect;
import dev.heartwood.StoreIOException;
import dev.heartwood.tree.Known;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One document, from wherever it comes, read to its end. */
final class JsonSource {
    private final JsonOptions options;
    /** For messages; empty where there is none. */
    private final String name;

    private final Opener opener;

    private JsonSource(JsonOptions options, String name, Opener opener) {
        this.options = options;
        this.name = name;
        this.opener = opener;
    }

    /** A parser on the document, and what checks its input, null where it is checked already. */
    private record Opened(JsonParser parser, @Nullable CheckedInput input) {}

    private interface Opener {
        Opened open(JsonFactory factory) throws IOException;
    }

    /** A factory that refuses whatever is not JSON, within limits. */
    static JsonFactory factory(Limits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth() + 1)
                        .maxNumberLength(limits.number())
                        .maxStringLength(limits.string())
                        .maxNameLength(limits.key())
                        .maxDocumentLength(-1)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(limits.depth())
                        .build())
                // Interning each key in the JVM's table costs a quarter of the reading; the parser shares them anyway.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                .build();
    }

    static JsonSource of(JsonOptions options, Reader reader) {
        return new JsonSource(options, "", factory -> {
            CharInput input = new CharInput(reader, options.limits().document());
            return new Opened(factory.createParser(input), input);
        });
    }

    static JsonSource of(JsonOptions options, InputStream stream, String name) {
        return new JsonSource(options, name, factory -> checked(options, factory, stream));
    }

    /** What {@code how} makes of the file. */
    static <T extends @Nullable Object> T inFile(JsonOptions options, Path path, Function<JsonSource, T> how) {
        try (InputStream stream = Files.newInputStream(path)) {
            return how.apply(of(options, stream, path.toString()));
        } catch (NoSuchFileException e) {
            throw new StoreIOException("cannot read " + path + ": there is no such file", e);
        } catch (IOException e) {
            throw new StoreIOException("cannot read " + path + ": " + e, e);
        }
    }

    static JsonSource of(JsonOptions options, byte[] bytes) {
        if (bytes.length > options.limits().document() || !Utf8Input.isUtf8(bytes)) {
            return of(options, new ByteArrayInputStream(bytes), "");
        }
        return new JsonSource(options, "", factory -> utf8(factory.createParser(bytes), null));
    }

    private static Opened checked(JsonOptions options, JsonFactory factory, InputStream stream) throws IOException {
        Utf8Input input = new Utf8Input(stream, options.limits().document());
        return utf8(factory.createParser(input), input);
    }

    /** The parser, unless it was made for another encoding: what has a NUL in its first characters is no UTF-8 JSON. */
    private static Opened utf8(JsonParser parser, @Nullable CheckedInput input) throws IOException {
        if (!(parser instanceof UTF8StreamJsonParser)) {
            parser.close();
            throw new CharConversionException();
        }
        return new Opened(parser, input);
    }

    /** Any value. */
    @Nullable
    Object value() {
        try {
            Opened opened = opener.open(options.factory());
            try (JsonParser parser = opened.parser) {
                return value(parser, opened.input);
            }
        } catch (CharConversionException e) {
            throw new JsonException(name, 1, 1, "UTF-16 or UTF-32 text: expected UTF-8");
        } catch (IOException e) {
            throw new StoreIOException("cannot read " + (name.isEmpty() ? "JSON" : name) + ": " + e, e);
        }
    }

    /** A value that must be an object. */
    HashMap<String, @Nullable Object> map() {
        Object value = value();
        if (value instanceof HashMap) {
            return Nodes.map(value);
        }
        throw new JsonException(name, 1, 1, "expected an object, found " + Nodes.kind(value));
    }

    private @Nullable Object value(JsonParser parser, @Nullable CheckedInput input) throws IOException {
        boolean atEnd = false;
        try {
            TreeReader reader = new TreeReader(parser, options.limits(), options.decimals());
            Object value = reader.read();
            atEnd = true;
            JsonToken after = parser.nextToken();
            if (after != null || (input != null && input.problem() != null)) {
                throw new BadJson("text after the value: expected the end of the document");
            }
            if (value != null && Nodes.isContainer(value)) {
                Known.remember(value, reader.height(), Dialect.ANYTHING);
            }
            return value;
        } catch (BadJson e) {
            throw refusal(parser, input, parser.currentTokenLocation(), String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            String reason = atEnd ? "text after the value: expected the end of the document" : Problems.of(e);
            throw refusal(parser, input, e.getLocation(), reason);
        }
    }

    /** What is wrong with the input itself comes first: the parser only met its consequence. */
    private JsonException refusal(
            JsonParser parser, @Nullable CheckedInput input, @Nullable JsonLocation location, String reason) {
        String problem = input == null ? null : input.problem();
        if (problem != null) {
            return at(parser.currentLocation(), problem);
        }
        return at(location == null ? parser.currentLocation() : location, reason);
    }

    private JsonException at(JsonLocation location, String reason) {
        return new JsonException(name, location.getLineNr(), location.getColumnNr(), reason);
    }
}
