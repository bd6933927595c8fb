package dev.heartwood;

import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Containers of a tree as immutable {@code java.util} collections whose elements are of one type. An element is converted,
 * exactly or not at all, when it is asked for; so a view is made in O(1), and goes back into a tree without a walk.
 */
final class TypedViews {
    private TypedViews() {}

    static <V> Map<String, V> map(
            KeyPath path, HashMap<String, @Nullable Object> node, Class<V> type, boolean isWhole) {
        return isWhole ? new MapView<>(path, node, type) : new PartialMapView<>(path, node, type);
    }

    static <E> List<E> list(KeyPath path, Vector<@Nullable Object> node, Class<E> type, boolean isWhole) {
        return isWhole ? new ListView<>(path, node, type) : new PartialListView<>(path, node, type);
    }

    /** The list at a path, its elements as a {@code type}. */
    static sealed class ListView<E> extends ReadOnly.Elements<E> implements JavaViews.View, RandomAccess
            permits PartialListView {
        private final KeyPath path;
        private final Vector<@Nullable Object> node;
        private final Class<E> type;

        ListView(KeyPath path, Vector<@Nullable Object> node, Class<E> type) {
            this.path = path;
            this.node = node;
            this.type = type;
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
        public E get(int index) {
            Object element = node.get(Objects.checkIndex(index, node.size()));
            return Conversions.exact(path.child(index), element, type, isWhole());
        }
    }

    /** The map at a path, its values as a {@code type}. */
    static sealed class MapView<V> extends ReadOnly.Mapping<V> implements JavaViews.View permits PartialMapView {
        private final KeyPath path;
        private final HashMap<String, @Nullable Object> node;
        private final Class<V> type;

        MapView(KeyPath path, HashMap<String, @Nullable Object> node, Class<V> type) {
            this.path = path;
            this.node = node;
            this.type = type;
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
        public @Nullable V get(@Nullable Object key) {
            Object child = key instanceof String string ? Nodes.child(node, string) : Nodes.MISSING;
            return child == Nodes.MISSING ? null : value((String) Objects.requireNonNull(key), child);
        }

        @Override
        public Set<Map.Entry<String, V>> entrySet() {
            return new ReadOnly.Members<>() {
                @Override
                public int size() {
                    return node.size();
                }

                @Override
                public Iterator<Map.Entry<String, V>> iterator() {
                    return ReadOnly.iterator(
                            node.iterator(), entry -> new ReadOnly.Entry<>(entry._1, value(entry._1, entry._2)));
                }
            };
        }

        /** The keys alone: no value is converted for them. */
        @Override
        public Set<String> keySet() {
            return new JavaViews.MapView(node).keySet();
        }

        @Override
        public Collection<V> values() {
            return new ReadOnly.Items<>() {
                @Override
                public int size() {
                    return node.size();
                }

                @Override
                public Iterator<V> iterator() {
                    return ReadOnly.iterator(node.iterator(), entry -> value(entry._1, entry._2));
                }
            };
        }

        private V value(String key, @Nullable Object child) {
            return Conversions.exact(path.child(key), child, type, isWhole());
        }
    }

    /** A list that may lack parts, or have marks in their places. */
    private static final class PartialListView<E> extends ListView<E> {
        PartialListView(KeyPath path, Vector<@Nullable Object> node, Class<E> type) {
            super(path, node, type);
        }

        @Override
        public boolean isWhole() {
            return false;
        }
    }

    /** A map that may lack parts, or have marks in their places. */
    private static final class PartialMapView<V> extends MapView<V> {
        PartialMapView(KeyPath path, HashMap<String, @Nullable Object> node, Class<V> type) {
            super(path, node, type);
        }

        @Override
        public boolean isWhole() {
            return false;
        }
    }
}
