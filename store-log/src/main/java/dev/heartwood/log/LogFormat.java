package dev.heartwood.log;

import dev.heartwood.Edit;
import dev.heartwood.Origin;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import io.vavr.collection.HashMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The format of trees and edits in the log: JSON. */
final class LogFormat {
    static final TreeFormat TREES = Json.options().treeFormat();
    private static final EditCodec EDITS = new EditCodec(TREES);

    private LogFormat() {}

    /** A tree for people: pretty, with sorted keys. */
    static String text(HashMap<String, @Nullable Object> tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            TREES.pretty(tree, out);
        } catch (IOException e) {
            throw new AssertionError("memory has no errors of input and output", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /**
     * Reads a text of the log; a failure names the text.
     *
     * @param text the text for people, without an article: entry 7 5f0c:6
     * @throws StoreException if it cannot be read
     */
    static <T> T reading(String text, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (StoreIOException e) {
            throw e;
        } catch (StoreException | ClassCastException | IndexOutOfBoundsException e) {
            throw new StoreException("the " + text + " of the log cannot be read: " + e.getMessage(), e);
        }
    }

    /** The edits of a commit on one line, with author, label and time. */
    static String line(List<Edit> edits, Origin origin) {
        try {
            return new String(EDITS.write(edits, origin), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("memory has no errors of input and output", e);
        }
    }

    /** A commit from the log: the tree after it, and its origin. */
    record Step(HashMap<String, @Nullable Object> tree, Origin origin) {}

    /**
     * The commit of a line of an entry.
     *
     * @param before the tree before it
     * @throws StoreException if the line is no list of edits, or they do not apply to that tree
     */
    static Step step(SharedLog.Position entry, String line, HashMap<String, @Nullable Object> before) {
        return reading("entry " + entry, () -> {
            EditCodec.Line commit = EDITS.read(line);
            return new Step(commit.applyTo(before), commit.origin());
        });
    }
}
