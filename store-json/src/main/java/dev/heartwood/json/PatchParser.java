package dev.heartwood.json;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.KeyPath;
import dev.heartwood.json.PatchOperation.Kind;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes operations from a tree that should be a patch. As RFC 6902 requires, unknown members are ignored. */
final class PatchParser {
    private static final String KINDS =
            Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "));

    private PatchParser() {}

    static Vector<PatchOperation> operations(@Nullable Object tree) {
        if (!(tree instanceof Vector)) {
            throw new JsonPatchException("a patch is a list of operations, found " + Nodes.kind(tree));
        }
        return Nodes.list(tree).zipWithIndex(PatchParser::operation);
    }

    private static PatchOperation operation(@Nullable Object node, int index) {
        if (!(node instanceof HashMap)) {
            throw refusal(index, "expected an object, found " + Nodes.kind(node));
        }
        Kind kind = kind(string(node, "op", index), index);
        KeyPath from = kind.hasFrom() ? path(node, "from", index) : null;
        Object value = kind.hasValue() ? Nodes.child(node, "value") : null;
        if (value == MISSING) {
            throw refusal(index, "expected a member \"value\" in " + kind.word());
        }
        return new PatchOperation(kind, path(node, "path", index), from, value, null);
    }

    private static Kind kind(String word, int index) {
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw refusal(index, "unknown op " + JsonErrors.brief(word) + ": expected one of " + KINDS);
    }

    private static KeyPath path(Object node, String member, int index) {
        try {
            return KeyPath.parse(string(node, member, index));
        } catch (IllegalArgumentException e) {
            throw refusal(index, "\"" + member + "\" is no JSON Pointer: " + e.getMessage());
        }
    }

    private static String string(Object node, String member, int index) {
        Object value = Nodes.child(node, member);
        if (value instanceof String string) {
            return string;
        }
        throw refusal(index, "expected a string as \"" + member + "\", found " + Nodes.kind(value));
    }

    private static JsonPatchException refusal(int index, String reason) {
        return new JsonPatchException("operation " + index + " of the patch: " + reason);
    }
}
