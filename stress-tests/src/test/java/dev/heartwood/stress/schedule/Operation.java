package dev.heartwood.stress.schedule;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.stress.seam.Seam;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a store, with its result as a text. It runs against another operation in every order; each outcome must
 * equal that of a serial run.
 *
 * @param name how the test calls it
 * @param call the action, given the store and the store's first state
 */
record Operation(String name, BiFunction<Store, Snapshot, @Nullable Object> call) {
    private static final KeyPath NEW = KeyPath.of("map", "new");
    private static final KeyPath KEY = KeyPath.of("map", "key");
    private static final KeyPath FIRST = KeyPath.of("list", 0);

    /** A store for the operations below. */
    static Store store() {
        return Seam.store(Map.of("n", 1, "map", Map.of("key", 1), "list", List.of(1, 2), "text", "x"));
    }

    /** One of each kind, on places that touch one another. */
    static List<Operation> all() {
        return List.of(
                of("put", store -> store.put("n", 5)),
                of("put below", store -> store.put(NEW, 5)),
                blind("set", store -> store.set(KeyPath.of("n"), 6)),
                of("init", store -> store.init("n", 7)),
                of("init below", store -> store.init(NEW, 7)),
                of("update", store -> store.update("n", Integer.class, n -> n * 10)),
                blind("updateMap", store -> store.updateMap("map", map -> map.put("made", (long) map.size()))),
                of("merge", store -> store.merge(NEW, Integer.class, 3, Integer::sum)),
                of("increment", store -> store.increment("n")),
                of("increment below", store -> store.increment(KEY, 2)),
                blind("append", store -> store.append("list", 3)),
                blind("insert", store -> store.insert(FIRST, 0)),
                blind("concat", store -> store.concat("text", "y")),
                blind("putAll", store -> store.putAll("map", Map.of("key", 13, "new", 14))),
                blind("mergeTree", store -> store.mergeTree(KeyPath.root(), Map.of("map", Map.of("key", 15), "n", 16))),
                blind("move", store -> store.move(KeyPath.of("n"), NEW)),
                blind("copy", store -> store.copy(KeyPath.of("map"), FIRST)),
                of("compute", store -> store.compute("n", n -> n == null ? 17 : null)),
                of("remove", store -> store.remove("n")),
                of("remove first", store -> store.remove(FIRST)),
                of("discard", store -> store.discard("map")),
                of("replace", store -> store.replace("n", 1, 8)),
                blind("clear", Store::clear),
                of("get", store -> store.get("n")),
                of("keys", store -> new TreeMap<>(store.getMap(KeyPath.of("map"))).toString()),
                of(
                        "batch that moves",
                        store -> store.transact(tx -> {
                            tx.decrement("n");
                            return tx.increment(KEY);
                        })),
                of(
                        "batch that counts",
                        store -> store.transact(tx -> {
                            int size = tx.size(KeyPath.of("list")) + tx.size(KeyPath.of("map"));
                            tx.set(KeyPath.of("size"), size);
                            return size;
                        })),
                blind(
                        "batch that appends",
                        store -> store.batch(tx -> {
                            tx.append("list", 4);
                            tx.set(NEW, "four");
                        })),
                new Operation("compareAndSet", (store, first) -> {
                    return store.compareAndSet(first, first.edit(tx -> tx.put("n", 9)));
                }),
                new Operation("restore", (store, first) -> {
                    store.restore(first);
                    return null;
                }),
                new Operation("apply", (store, first) -> {
                    store.apply(first.diff(first.edit(tx -> tx.put("n", 11))));
                    return null;
                }),
                of("computeIfAbsent", store -> store.asMap().computeIfAbsent("made", key -> 12)),
                of("remove an entry", store -> store.asMap().remove("n", 1)));
    }

    private static Operation of(String name, Function<Store, @Nullable Object> call) {
        return new Operation(name, (store, first) -> call.apply(store));
    }

    private static Operation blind(String name, Consumer<Store> call) {
        return new Operation(name, (store, first) -> {
            call.accept(store);
            return null;
        });
    }

    /** Calls the operation; returns its result or its exception, as a text. */
    String on(Store store, Snapshot first) {
        try {
            return String.valueOf(call.apply(store, first));
        } catch (StoreException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
