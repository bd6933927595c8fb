package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The places of a tree that a function has read, with the values found there: tells whether the function would find the same in another
 * tree.
 *
 * <p>It keeps the leaves that were read, and the maps whose keys were read. It does not keep other containers alive: one
 * that is unchanged stands in the newer tree as well, and one that is garbage stands in none. Immutable.
 */
final class ReadImage {
    private static final ReadImage[] NONE = new ReadImage[0];

    private final String token;
    private final int kinds;
    private final ReadImage[] below;

    /** A leaf, {@link Nodes#MISSING}, or the map whose keys were read; null for any other container. */
    private final @Nullable Object kept;

    private final @Nullable WeakReference<Object> container;
    private final int size;
    private final Kind kind;

    private enum Kind {
        MAP,
        LIST,
        LEAF,
        NOTHING;

        static Kind of(@Nullable Object node) {
            return node == MISSING
                    ? NOTHING
                    : node instanceof HashMap ? MAP : node != null && Nodes.isContainer(node) ? LIST : LEAF;
        }
    }

    private ReadImage(ReadWriteSet place, @Nullable Object node) {
        boolean isContainer = node != null && Nodes.isContainer(node);
        this.token = place.token();
        this.kinds = place.readBits();
        this.kind = Kind.of(node);
        this.size = ChildDelta.sizeOf(node);
        this.container = node != null && isContainer ? new WeakReference<>(node) : null;
        this.kept = !isContainer || (kinds & ReadSet.Kind.KEYS.bit()) != 0 ? node : null;
        this.below = place.childCount() == 0 ? NONE : new ReadImage[place.childCount()];
    }

    /** The image of the reads of {@code tree}. */
    static ReadImage of(ReadWriteSet reads, HashMap<String, @Nullable Object> tree) {
        record Made(
                ReadImage image,
                ReadWriteSet place,
                @Nullable Object node) {}
        ReadImage root = new ReadImage(reads, tree);
        Deque<Made> open = new ArrayDeque<>();
        open.push(new Made(root, reads, tree));
        while (!open.isEmpty()) {
            Made made = open.pop();
            int i = 0;
            for (ReadWriteSet child = made.place.firstChild(); child != null; child = child.next()) {
                Object node = Nodes.child(made.node, child.token());
                ReadImage image = new ReadImage(child, node);
                made.image.below[i++] = image;
                if (child.childCount() > 0) {
                    open.push(new Made(image, child, node));
                }
            }
        }
        return root;
    }

    /** Whether everything that was read is the same in {@code tree}. */
    boolean holdsIn(HashMap<String, @Nullable Object> tree) {
        record Compared(ReadImage image, @Nullable Object node) {}
        Deque<Compared> open = new ArrayDeque<>();
        open.push(new Compared(this, tree));
        while (!open.isEmpty()) {
            Compared compared = open.pop();
            if (compared.image.isSameContainer(compared.node)) {
                continue;
            }
            if (!compared.image.holdsAt(compared.node)) {
                return false;
            }
            for (ReadImage child : compared.image.below) {
                open.push(new Compared(child, Nodes.child(compared.node, child.token)));
            }
        }
        return true;
    }

    private boolean isSameContainer(@Nullable Object node) {
        // A container that is garbage leaves null behind, and a JSON null is no container.
        return container != null && node != null && container.get() == node;
    }

    /** Of the place itself, where not the same container stands there. */
    private boolean holdsAt(@Nullable Object node) {
        if (has(ReadSet.Kind.VALUE) && (container != null || ReadSet.Kind.VALUE.differ(kept, node))) {
            return false;
        }
        if (has(ReadSet.Kind.KEYS) && ReadSet.Kind.KEYS.differ(kept, node)) {
            return false;
        }
        if (has(ReadSet.Kind.PRESENCE) && (kind == Kind.NOTHING) != (node == MISSING)) {
            return false;
        }
        return !(has(ReadSet.Kind.KIND) && kind != Kind.of(node)) && !(has(ReadSet.Kind.SIZE) && !isSameSize(node));
    }

    private boolean isSameSize(@Nullable Object node) {
        if (container == null || node == null || !Nodes.isContainer(node)) {
            return container == null && !ReadSet.Kind.VALUE.differ(kept, node);
        }
        return kind == Kind.of(node) && size == Nodes.size(node);
    }

    private boolean has(ReadSet.Kind how) {
        return (kinds & how.bit()) != 0;
    }
}
