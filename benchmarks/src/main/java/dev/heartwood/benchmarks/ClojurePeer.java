package dev.heartwood.benchmarks;

import clojure.java.api.Clojure;
import clojure.lang.AFn;
import clojure.lang.Atom;
import clojure.lang.IFn;
import clojure.lang.IPersistentMap;
import clojure.lang.PersistentHashMap;
import clojure.lang.PersistentVector;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Clojure's atom, {@code (swap! atom update-in path inc)}. */
final class ClojurePeer implements Peer {
    private static final IFn UPDATE_IN = Clojure.var("clojure.core", "update-in");
    private static final IFn GET_IN = Clojure.var("clojure.core", "get-in");
    private static final IFn INCREMENT = new AFn() {
        @Override
        public Object invoke(Object value) {
            return (Long) value + 1;
        }
    };

    private final Atom atom;
    private final PersistentVector[] paths;

    ClojurePeer(Shape shape) {
        this.atom = new Atom(persistent(shape.tree()));
        this.paths = IntStream.range(0, Shape.COUNTERS)
                .mapToObj(path -> PersistentVector.create(shape.keys(path)))
                .toArray(PersistentVector[]::new);
    }

    @Override
    public long get(int path) {
        return (Long) Objects.requireNonNull(GET_IN.invoke(atom.deref(), paths[path]));
    }

    @Override
    public long update(int path) {
        return atom.swap(UPDATE_IN, paths[path], INCREMENT) == null ? 0 : 1;
    }

    @Override
    public Object snapshot() {
        return Objects.requireNonNull(atom.deref());
    }

    @SuppressWarnings("unchecked")
    private static IPersistentMap persistent(Map<String, Object> map) {
        IPersistentMap result = PersistentHashMap.EMPTY;
        for (Map.Entry<String, Object> entry : map.entrySet()) {
            Object value = entry.getValue();
            result = result.assoc(
                    entry.getKey(), value instanceof Map ? persistent((Map<String, Object>) value) : value);
        }
        return result;
    }
}
