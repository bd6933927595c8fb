package dev.heartwood.stress.lincheck;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;

/** The operations of a store as Lincheck calls them, on two places of one map and a list. */
@Param(name = "key", gen = KeyGen.class)
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public final class Operations {
    private static final KeyPath MAP = KeyPath.of("map");
    private static final KeyPath LOG = KeyPath.of("log");

    private final Store store = Store.of(Map.of("map", Map.of("a", 0), "log", List.of()));

    @Operation
    public @Nullable Object put(@Param(name = "key") String key, @Param(name = "value") int value) {
        return store.put(MAP.child(key), value);
    }

    @Operation
    public boolean init(@Param(name = "key") String key, @Param(name = "value") int value) {
        return store.init(MAP.child(key), value);
    }

    @Operation
    public int update(@Param(name = "key") String key) {
        return store.update(MAP.child(key), Integer.class, old -> old * 2);
    }

    @Operation
    public int increment(@Param(name = "key") String key) {
        return store.increment(MAP.child(key)).intValue();
    }

    @Operation
    public @Nullable Object remove(@Param(name = "key") String key) {
        return store.remove(MAP.child(key));
    }

    @Operation
    public boolean replace(
            @Param(name = "key") String key, @Param(name = "value") int expected, @Param(name = "value") int next) {
        return store.replace(MAP.child(key), expected, next);
    }

    @Operation
    public void append(@Param(name = "value") int value) {
        store.append(LOG, value);
    }

    /** A batch of two writes: moves the value of one place to the other, and records that value. */
    @Operation
    public int move(@Param(name = "key") String key) {
        return store.transact(tx -> {
            int amount = tx.getOrDefault(MAP.child(key), Integer.class, 0);
            tx.set(MAP.child(key), 0);
            tx.merge(MAP.child(KeyGen.other(key)), Integer.class, amount, Integer::sum);
            tx.append(LOG, -amount);
            return amount;
        });
    }

    /** Both places and the list, of one state. */
    @Operation
    public String look() {
        Snapshot now = store.snapshot();
        return now.getOrDefault(MAP.child("a"), Integer.class, -1) + " "
                + now.getOrDefault(MAP.child("b"), Integer.class, -1) + " "
                + now.getList(LOG);
    }

    @Operation
    public boolean contains(@Param(name = "key") String key) {
        return store.contains(MAP.child(key));
    }
}
