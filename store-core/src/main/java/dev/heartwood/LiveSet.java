package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A view of a live map that shows nothing twice. */
abstract sealed class LiveSet<E> extends LiveView<E> implements Set<E> permits LiveKeys, LiveEntries {
    LiveSet(LiveMap map) {
        super(map);
    }

    /** Whether a state shows an object, as {@code java.util} has equality. */
    abstract boolean shows(HashMap<String, @Nullable Object> tree, @Nullable Object object);

    @Override
    public boolean removeAll(Collection<?> objects) {
        boolean removed = false;
        for (Object object : objects) {
            removed |= remove(object);
        }
        return removed;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        if (object == this || !(object instanceof Set<?> others)) {
            return object == this;
        }
        HashMap<String, @Nullable Object> tree = map.tree();
        int shown = 0; // counted, since the other set may be live, too
        for (Object other : others) {
            if (!shows(tree, other)) {
                return false;
            }
            shown++;
        }
        return shown == LiveMap.size(tree);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (E element : this) {
            hash += element.hashCode();
        }
        return hash;
    }
}
