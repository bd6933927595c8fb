package dev.heartwood.file.journal;

import dev.heartwood.Edit;
import dev.heartwood.tree.Nodes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Estimates the bytes that a commit keeps in memory until it is durable. Samples a few values, and scales. */
public final class CommitWeight {
    private static final int COMMIT = 200;
    private static final int LEAF = 24;
    /** The number of children of a container that are sampled. */
    private static final int SAMPLE = 16;
    /** Below that depth every child counts as a leaf. */
    private static final int DEEPEST = 4;

    private CommitWeight() {}

    public static long of(List<Edit> edits) {
        long weight = COMMIT;
        for (Edit edit : edits) {
            if (edit instanceof Edit.Put put) {
                weight += of(put.value(), 0);
            } else if (edit instanceof Edit.Append append) {
                weight += of(append.elements(), 0);
            }
            weight += LEAF;
        }
        return weight;
    }

    private static long of(@Nullable Object node, int depth) {
        if (node instanceof String string) {
            return LEAF + (long) string.length();
        }
        if (node == null || !Nodes.isContainer(node) || Nodes.size(node) == 0 || depth == DEEPEST) {
            return LEAF;
        }
        Iterable<? extends @Nullable Object> children =
                Nodes.isContainer(node) && node instanceof io.vavr.collection.HashMap
                        ? Nodes.map(node).values()
                        : Nodes.list(node);
        long sum = 0;
        int looked = 0;
        for (Object child : children) {
            sum += LEAF + of(child, depth + 1);
            if (++looked == SAMPLE) {
                break;
            }
        }
        return sum * Nodes.size(node) / looked;
    }
}
