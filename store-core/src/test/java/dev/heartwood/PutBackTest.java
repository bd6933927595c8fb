package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heartwood.tree.MapBuilder;
import dev.heartwood.tree.Steps;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A value that the library made is put back as it is and without a walk, even while other stores of the JVM are busy.
 * The same tests run once more with the table of known values switched off.
 */
class PutBackTest {
    private static final KeyPath DEEPER = KeyPath.of("archive", "day");

    private final Store store = Store.of(Map.of(
            "list",
            Collections.nCopies(20_000, List.of(1L)),
            "users",
            users(20_000),
            "small",
            List.of(1, 2),
            "archive",
            Map.of()));

    private static Map<String, Object> users(int count) {
        Map<String, Object> users = new java.util.HashMap<>();
        for (int i = 0; i < count; i++) {
            users.put("user" + i, Map.of("n", i, "tags", List.of("a", "b")));
        }
        return users;
    }

    /** So much work in another store that the table of known values has forgotten all others. */
    private static void anotherStoreIsBusy() {
        Store other = Store.create();
        for (int i = 0; i < 60_000; i++) {
            other.put("k" + i % 1_000, List.of(i));
        }
    }

    private static long steps(Runnable work) {
        long before = Steps.ofThread();
        work.run();
        return Steps.ofThread() - before;
    }

    @Test
    void whatStandsAtThePlaceIsNoChangeAndNoWork() {
        Object list = store.get("list");
        Object users = store.get("users");
        Object small = store.get("small");
        anotherStoreIsBusy();
        Snapshot state = store.snapshot();
        long steps = steps(() -> {
            store.put("list", list);
            store.set("users", users);
            store.put("small", small);
            store.put("users", store.getMap("users"));
            store.put(KeyPath.root(), state.root());
            store.put(KeyPath.root(), state);
            store.batch(tx -> {
                tx.put("list", list);
                tx.replace("list", list, list);
            });
            store.update("users", any -> users);
            store.merge("users", 1, (old, one) -> users);
        });
        assertThat(store.snapshot()).isSameAs(state);
        assertThat(steps).isLessThan(50);
    }

    @Test
    void aBatchThatReadWhatIsPutBackIsNotInvalidated() {
        Object list = store.get("list");
        anotherStoreIsBusy();
        Commit commit = store.batch(tx -> {
            tx.get("list");
            tx.put("n", 1);
            Thread rival = new Thread(() -> store.put("list", list));
            rival.start();
            join(rival);
        });
        assertThat(commit.attempts()).isEqualTo(1);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aMapThatWasMadeOfWhatStandsThereCostsItsDifference() {
        HashMap<String, Object> users = store.mapAt("users");
        anotherStoreIsBusy();
        HashMap<String, Object> changed =
                users.put("user7", HashMap.of("n", 8L)).remove("user8");
        assertThat(steps(() -> store.put("users", changed))).isLessThan(20);
        assertThat(store.mapAt("users")).isSameAs(changed);
    }

    @Test
    void whatMovesDeeperIsNotWalkedEachTime() {
        for (int i = 0; i < 5; i++) {
            store.put(KeyPath.of("users", "user1", "n"), 1_000_000 + i);
            Object fresh = store.get("users");
            long steps = steps(() -> store.put(DEEPER, fresh));
            if (MapBuilder.isOpen()) {
                assertThat(steps).as("move %d", i).isLessThan(20_000);
            }
            assertThat(store.size(DEEPER)).isEqualTo(20_000);
        }
    }

    @Test
    void aViewGoesAnywhereWithoutAWalk() {
        Map<String, Object> users = store.getMap("users");
        List<Object> list = store.getList("list");
        anotherStoreIsBusy();
        store.put("copy", users);
        store.put("copies", list);
        assertThat(store.get("copy")).isSameAs(store.get("users"));
        assertThat(store.get("copies")).isSameAs(store.get("list"));
        assertThat(steps(() -> store.put("again", users))).isLessThan(100);
        assertThat(steps(() -> store.put("more", store.snapshot()))).isLessThan(500_000);
    }

    /** Nothing has walked it as a whole, so no part of it has a mark. */
    @Test
    void aSnapshotOfAMapThatHasGrownKeyByKeyIsKnownByItsType() {
        Store grown = Store.create();
        for (int i = 0; i < 2_000; i++) {
            grown.put("user" + i, List.of(i));
        }
        anotherStoreIsBusy();
        assertThat(steps(() -> store.put(KeyPath.root(), grown.snapshot()))).isLessThan(50);
        assertThat(store.size()).isEqualTo(2_000);
    }

    @Test
    void aFunctionMovesWhatItWasGiven() {
        long steps = steps(() -> {
            store.updateMap(
                    KeyPath.root(),
                    root -> root.remove("users").put("people", root.get("users").get()));
            store.updateList("list", list -> list.prepend(Vector.of(2L)));
        });
        assertThat(store.size("people")).isEqualTo(20_000);
        assertThat(store.size("list")).isEqualTo(20_001);
        assertThat(steps).isLessThan(45_000); // the list is looked at, its elements are not
        Object people = store.get("people");
        assertThat(steps(() -> store.update("people", old -> HashMap.of("inner", old))))
                .isLessThan(30_000);
        assertThat(store.get(KeyPath.of("people", "inner"))).isSameAs(people);
    }

    @Test
    void theDepthLimitHoldsForWhatGoesBack() {
        Object deep = List.of();
        for (int i = 0; i < 990; i++) {
            deep = List.of(deep);
        }
        store.put("deep", deep);
        Object raw = store.get("deep");
        Object[] steps = new Object[9];
        Arrays.fill(steps, "s");
        store.put(KeyPath.of(Arrays.copyOf(steps, 8)), raw);
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put(KeyPath.of(steps).child("x"), raw))
                .withMessageContaining("more than 1,000 nested containers");
    }

    private static WeakReference<Dialect> useOnce() {
        byte[] large = new byte[1 << 20];
        Dialect dialect = new Dialect() {
            @Override
            public Object admit(Object leaf) {
                return large.length > 0 ? leaf : large;
            }
        };
        Store short_ = Store.over(new MemoryRoot(new Timeline(0, Map.of("users", users(2_000)), dialect)));
        short_.put("copy", short_.get("users"));
        return new WeakReference<>(dialect);
    }

    @Test
    void noMarkHoldsADialectAndWithItARoot() throws InterruptedException {
        Garbage.assertAllCollected(List.of(useOnce()));
    }
}
