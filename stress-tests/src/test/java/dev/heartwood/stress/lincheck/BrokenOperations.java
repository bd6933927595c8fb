package dev.heartwood.stress.lincheck;

import dev.heartwood.stress.broken.ReadThenPut;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Some of the operations, on a store that reads and then puts. */
@Param(name = "key", gen = KeyGen.class)
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public final class BrokenOperations {
    private final ReadThenPut store = new ReadThenPut(Map.of("a", 0, "b", 0));

    @Operation
    public void put(@Param(name = "key") String key, @Param(name = "value") int value) {
        store.batch(tx -> tx.put(key, value));
    }

    @Operation
    public void increment(@Param(name = "key") String key) {
        store.batch(tx -> tx.increment(key));
    }

    @Operation
    public int look(@Param(name = "key") String key) {
        return store.number(key);
    }
}
