package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.ReadThenPut;
import dev.heartwood.stress.seam.Seam;
import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A removal races with a write at the same place, or below it: the removed value does not come back. */
public final class RemoveAgainst {
    private RemoveAgainst() {}

    /** Against a function on the value. */
    @JCStressTest
    @Outcome(id = "1, -1, -1", expect = ACCEPTABLE, desc = "remove -> update, which finds nothing")
    @Outcome(id = "10, 10, -1", expect = ACCEPTABLE, desc = "update -> remove, which gives the new value")
    @Outcome(expect = FORBIDDEN, desc = "the update brought back what was removed, or was not seen by the removal")
    @State
    public static class Update {
        private final Store store = Seam.store(Map.of("leaf", 1));

        @Actor
        public void remove(III_Result r) {
            r.r1 = store.remove("leaf") instanceof Long leaf ? leaf.intValue() : -2;
        }

        @Actor
        public void update(III_Result r) {
            try {
                r.r2 = store.update("leaf", Integer.class, leaf -> leaf * 10);
            } catch (NoSuchPathException e) {
                r.r2 = -1;
            }
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = store.getOrDefault("leaf", Integer.class, -1);
        }
    }

    /** Against an init, which puts only where nothing is. */
    @JCStressTest
    @Outcome(id = "1, 1, 5", expect = ACCEPTABLE, desc = "remove -> init, which puts")
    @Outcome(id = "1, 0, -1", expect = ACCEPTABLE, desc = "init, which finds a value -> remove")
    @Outcome(expect = FORBIDDEN, desc = "init put where something was, or did not where nothing was")
    @State
    public static class Init {
        private final Store store = Seam.store(Map.of("leaf", 1));

        @Actor
        public void remove(III_Result r) {
            r.r1 = store.remove("leaf") instanceof Long leaf ? leaf.intValue() : -2;
        }

        @Actor
        public void init(III_Result r) {
            r.r2 = store.init("leaf", 5) ? 1 : 0;
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = store.getOrDefault("leaf", Integer.class, -1);
        }
    }

    /** Against a put of a child, which makes its parent where it is missing. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "remove a map of 1 -> put makes a new one")
    @Outcome(id = "2, -1", expect = ACCEPTABLE, desc = "put -> remove a map of 2")
    @Outcome(expect = FORBIDDEN, desc = "the put brought back what was removed, or is lost")
    @State
    public static class PutOfAChild {
        private final Store store = Seam.store(Map.of("map", Map.of("old", 1)));

        @Actor
        public void remove(II_Result r) {
            r.r1 = store.remove("map") instanceof HashMap<?, ?> map ? map.size() : -2;
        }

        @Actor
        public void put() {
            store.put(KeyPath.of("map", "new"), 2);
        }

        @Arbiter
        public void left(II_Result r) {
            r.r2 = store.contains("map") ? store.size("map") : -1;
        }
    }

    /** Against an append and an insert in the same list: indices mean the list as it is then. */
    @JCStressTest
    @Outcome(id = "10, 2030", expect = ACCEPTABLE, desc = "remove the first -> append, or append -> remove")
    @Outcome(expect = FORBIDDEN, desc = "an element is lost, or came back")
    @State
    public static class Append {
        private final Store store = Seam.store(Map.of("list", List.of(10, 20)));

        @Actor
        public void removeFirst(II_Result r) {
            r.r1 = store.remove(KeyPath.of("list", 0)) instanceof Long first ? first.intValue() : -2;
        }

        @Actor
        public void append() {
            store.append("list", 30);
        }

        @Arbiter
        public void left(II_Result r) {
            for (Object element : store.getList(KeyPath.of("list"))) {
                r.r2 = 100 * r.r2 + (element instanceof Long number ? number.intValue() : -1);
            }
        }
    }

    /** Against a function on the value, on a store that reads and then puts. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "remove -> update, or update -> remove")
    @Outcome(id = "10", expect = ACCEPTABLE_INTERESTING, desc = "update read 1 -> remove -> update put 10")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class ReadThenPutControl {
        private final ReadThenPut store = new ReadThenPut(Map.of("leaf", 1));

        @Actor
        public void remove() {
            store.batch(tx -> tx.discard("leaf"));
        }

        @Actor
        public void update() {
            store.batch(tx -> {
                if (tx.contains("leaf")) {
                    tx.update("leaf", Integer.class, leaf -> leaf * 10);
                }
            });
        }

        @Arbiter
        public void left(I_Result r) {
            r.r1 = store.number("leaf");
        }
    }
}
