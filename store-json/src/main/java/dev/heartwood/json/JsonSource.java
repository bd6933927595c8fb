package dev.heartwood.json;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a document from its source, up to the limit. */
final class JsonSource {
    private final long limit;
    /** For messages; empty where there is none. */
    private final String name;

    private JsonSource(JsonOptions options, String name) {
        this.limit = options.limits().document();
        this.name = name;
    }

    static DocumentReader of(JsonOptions options, String text) {
        return new JsonSource(options, "").document(text);
    }

    static DocumentReader of(JsonOptions options, byte[] bytes) {
        return new JsonSource(options, "").document(bytes);
    }

    static DocumentReader of(JsonOptions options, InputStream stream) {
        return new JsonSource(options, "").document(stream);
    }

    static DocumentReader of(JsonOptions options, Reader reader) {
        return new JsonSource(options, "").document(reader);
    }

    static DocumentReader of(JsonOptions options, Path path) {
        JsonSource source = new JsonSource(options, path.toString());
        try (InputStream stream = Files.newInputStream(path)) {
            return source.document(stream);
        } catch (NoSuchFileException e) {
            throw new StoreIOException("cannot read " + path + ": there is no such file", e);
        } catch (IOException e) {
            throw new StoreIOException("cannot read " + path + ": " + e, e);
        }
    }

    private DocumentReader document(InputStream stream) {
        try {
            // One byte more than the limit, so that a document at the limit is distinguished from a longer one.
            return document(stream.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE)));
        } catch (IOException e) {
            throw new StoreIOException("cannot read " + (name.isEmpty() ? "JSON" : name) + ": " + e, e);
        }
    }

    private DocumentReader document(Reader reader) {
        StringBuilder text = new StringBuilder();
        char[] piece = new char[1 << 13];
        try {
            for (int count = reader.read(piece); count >= 0 && text.length() <= limit; count = reader.read(piece)) {
                text.append(piece, 0, count);
            }
        } catch (IOException e) {
            throw new StoreIOException("cannot read JSON: " + e, e);
        }
        return document(text.toString());
    }

    private DocumentReader document(String text) {
        requireLength(text.length(), "chars");
        return new DocumentReader(name, text);
    }

    private DocumentReader document(byte[] bytes) {
        requireLength(bytes.length, "bytes");
        return new DocumentReader(name, bytes);
    }

    private void requireLength(int length, String unit) {
        if (length > limit) {
            throw new JsonException(
                    name, 1, 1, "the document has more than " + limit + " " + unit + ", the most that is read");
        }
    }
}
