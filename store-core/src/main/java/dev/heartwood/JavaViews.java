package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeCursor;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Containers of a tree as immutable {@code java.util} collections: O(1) to make, nested containers appear as views
 * when they are reached, {@code equals}, {@code hashCode} and {@code toString} walk without recursion.
 */
final class JavaViews {
    private JavaViews() {}

    /** A node that was wrapped; the door takes it back without a walk, unless it may lack parts. */
    sealed interface View permits MapView, ListView, TypedViews.MapView, TypedViews.ListView {
        Object node();

        /** Whether the node is one of a tree that lacks no parts. By its class: a field would make each view larger. */
        default boolean isWhole() {
            return true;
        }
    }

    /** The node, which is one of a tree that lacks no parts, as users of {@code java.util} see it. */
    static @Nullable Object of(@Nullable Object node) {
        return of(node, true);
    }

    /** The node as users of {@code java.util} see it. */
    static @Nullable Object of(@Nullable Object node, boolean isWhole) {
        if (node instanceof HashMap) {
            return map(Nodes.map(node), isWhole);
        }
        return node instanceof Vector ? list(Nodes.list(node), isWhole) : node;
    }

    static MapView map(HashMap<String, @Nullable Object> node, boolean isWhole) {
        return isWhole ? new MapView(node) : new PartialMapView(node);
    }

    static ListView list(Vector<@Nullable Object> node, boolean isWhole) {
        return isWhole ? new ListView(node) : new PartialListView(node);
    }

    /** A deep copy in mutable collections, keys in their natural order. */
    static Map<String, @Nullable Object> copy(HashMap<String, @Nullable Object> root) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        Deque<Object> open = new ArrayDeque<>();
        for (TreeCursor walk = new TreeCursor(root, true); walk.next(); ) {
            switch (walk.step()) {
                case ENTER -> {
                    Object container = walk.depth() == 0
                            ? copy
                            : walk.node() instanceof HashMap ? new LinkedHashMap<>() : new ArrayList<>();
                    add(open.peek(), walk, container);
                    open.push(container);
                }
                case LEAF -> add(open.peek(), walk, walk.node());
                case EXIT -> open.pop();
            }
        }
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static void add(@Nullable Object parent, TreeCursor walk, @Nullable Object value) {
        if (parent instanceof Map) {
            ((Map<String, @Nullable Object>) parent).put(walk.token(), value);
        } else if (parent instanceof List) {
            ((List<@Nullable Object>) parent).add(value);
        }
    }

    static sealed class MapView extends ReadOnly.Mapping<@Nullable Object> implements View permits PartialMapView {
        private final HashMap<String, @Nullable Object> node;

        MapView(HashMap<String, @Nullable Object> node) {
            this.node = node;
        }

        @Override
        public Object node() {
            return node;
        }

        @Override
        public int size() {
            return node.size();
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String string && node.containsKey(string);
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            return getOrDefault(key, null);
        }

        @Override
        public @Nullable Object getOrDefault(@Nullable Object key, @Nullable Object fallback) {
            Object child = key instanceof String string ? Nodes.child(node, string) : Nodes.MISSING;
            return child == Nodes.MISSING ? fallback : of(child, isWhole());
        }

        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
            return new ReadOnly.Members<>() {
                @Override
                public int size() {
                    return node.size();
                }

                @Override
                public boolean contains(@Nullable Object object) {
                    return object instanceof Map.Entry<?, ?> entry
                            && containsKey(entry.getKey())
                            && Objects.equals(MapView.this.get(entry.getKey()), entry.getValue());
                }

                @Override
                public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
                    return ReadOnly.iterator(
                            node.iterator(), entry -> new ReadOnly.Entry<>(entry._1, of(entry._2, isWhole())));
                }
            };
        }

        @Override
        public Set<String> keySet() {
            return new ReadOnly.Members<>() {
                @Override
                public int size() {
                    return node.size();
                }

                @Override
                public boolean contains(@Nullable Object key) {
                    return containsKey(key);
                }

                @Override
                public Iterator<String> iterator() {
                    return ReadOnly.iterator(node.keysIterator(), key -> key);
                }
            };
        }

        @Override
        public Collection<@Nullable Object> values() {
            return new ReadOnly.Items<>() {
                @Override
                public int size() {
                    return node.size();
                }

                @Override
                public Iterator<@Nullable Object> iterator() {
                    return ReadOnly.iterator(node.valuesIterator(), value -> of(value, isWhole()));
                }
            };
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || JavaEquality.test(node, other);
        }

        @Override
        public int hashCode() {
            return TreeEquality.hash(node);
        }

        @Override
        public String toString() {
            return TreePrinter.java(node);
        }
    }

    /** A map that may lack parts, or have marks in their places. */
    private static final class PartialMapView extends MapView {
        PartialMapView(HashMap<String, @Nullable Object> node) {
            super(node);
        }

        @Override
        public boolean isWhole() {
            return false;
        }
    }

    /** A list that may lack parts, or have marks in their places. */
    private static final class PartialListView extends ListView {
        PartialListView(Vector<@Nullable Object> node) {
            super(node);
        }

        @Override
        public boolean isWhole() {
            return false;
        }
    }

    static sealed class ListView extends ReadOnly.Elements<@Nullable Object> implements View, RandomAccess
            permits PartialListView {
        private final Vector<@Nullable Object> node;

        ListView(Vector<@Nullable Object> node) {
            this.node = node;
        }

        @Override
        public Object node() {
            return node;
        }

        @Override
        public int size() {
            return node.size();
        }

        @Override
        public @Nullable Object get(int index) {
            return of(node.get(Objects.checkIndex(index, node.size())), isWhole());
        }

        @Override
        public Iterator<@Nullable Object> iterator() {
            return ReadOnly.iterator(node.iterator(), element -> of(element, isWhole()));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || JavaEquality.test(node, other);
        }

        @Override
        public int hashCode() {
            return TreeEquality.hash(node);
        }

        @Override
        public String toString() {
            return TreePrinter.java(node);
        }
    }
}
