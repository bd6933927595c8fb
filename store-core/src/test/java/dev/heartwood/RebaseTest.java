package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.tree.MapDelta;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The cost of validating and rebasing a batch, in visited places: it is proportional to the changes of others. */
class RebaseTest {
    private static final int MANY = 20_000;
    private static final int FEW = 60;

    private static HashMap<String, Object> map(int size) {
        HashMap<String, Object> map = HashMap.empty();
        for (int i = 0; i < size; i++) {
            map = map.put("k" + i, (long) i);
        }
        return map;
    }

    private static final HashMap<String, Object> TREE = HashMap.of(
            "map",
            map(MANY),
            "list",
            Vector.ofAll(IntStream.range(0, MANY).mapToObj(i -> (Object) (long) i)),
            "leaf",
            1L,
            "other",
            0L);

    private final Snapshot before = Store.of(TREE).snapshot();

    /** The walk after a batch and another commit, both from the same state. */
    private Rebase rebase(Consumer<? super Transaction> batch, Consumer<? super Transaction> rival) {
        return rebase(run(batch), rival);
    }

    private Transaction run(Consumer<? super Transaction> batch) {
        Transaction tx = new Transaction(before, false, false);
        batch.accept(tx);
        tx.end();
        return tx;
    }

    private Rebase rebase(Transaction tx, Consumer<? super Transaction> rival) {
        return tx.rebase(before.tree(), before.edit(rival).tree());
    }

    private static void eachKey(Consumer<KeyPath> use) {
        KeyPath map = KeyPath.of("map");
        for (int i = 0; i < MANY; i++) {
            use.accept(map.child("k" + i));
        }
    }

    private static void eachIndex(Consumer<KeyPath> use) {
        KeyPath list = KeyPath.of("list");
        for (int i = 0; i < MANY; i++) {
            use.accept(list.child(i));
        }
    }

    private static void eachMissing(Consumer<KeyPath> use) {
        KeyPath leaf = KeyPath.of("leaf");
        for (int i = 0; i < MANY; i++) {
            use.accept(leaf.child("k" + i));
        }
    }

    @Test
    void readsElsewhereCostNothing() {
        Rebase rebase = rebase(tx -> eachKey(tx::get), rival -> rival.increment("other"));
        assertThat(rebase.holds()).isTrue();
        assertThat(rebase.looked()).isLessThan(FEW);
    }

    @Test
    void manyReadsBesideAWriterOfTheSameMapCostThatWrite() {
        assumeTrue(MapDelta.skipsShared());
        Rebase unread = rebase(tx -> eachKey(tx::get), rival -> rival.put(KeyPath.of("map", "new"), 1));
        assertThat(unread.holds()).isTrue();
        assertThat(unread.looked()).isLessThan(FEW);

        Rebase read = rebase(tx -> eachKey(tx::get), rival -> rival.put(KeyPath.of("map", "k7"), 1));
        assertThat(read.holds()).isFalse();
        assertThat(read.looked()).isLessThan(FEW);
    }

    @Test
    void manyReadsBesideAWriterOfTheSameListCostThatWrite() {
        assumeTrue(MapDelta.skipsShared());
        KeyPath appended = KeyPath.of("list", MANY);
        Rebase unread = rebase(tx -> eachIndex(tx::get), rival -> rival.insert(appended, 1));
        assertThat(unread.holds()).isTrue();
        assertThat(unread.looked()).isLessThan(FEW);

        Rebase read = rebase(tx -> eachIndex(tx::get), rival -> rival.put(KeyPath.of("list", 7_777), 1));
        assertThat(read.holds()).isFalse();
        assertThat(read.looked()).isLessThan(FEW);
    }

    @Test
    void manyReadsBelowALeafCostNothing() {
        Rebase rebase = rebase(tx -> eachMissing(tx::contains), rival -> rival.increment("leaf"));
        assertThat(rebase.holds()).isTrue();
        assertThat(rebase.looked()).isLessThan(FEW);
    }

    @Test
    void manyWritesBesideAWriterOfTheSameMapCostThatWrite() {
        assumeTrue(MapDelta.skipsShared());
        Transaction tx = run(batch -> eachKey(path -> batch.set(path, "mine")));
        Rebase rebase = rebase(tx, rival -> {
            rival.put(KeyPath.of("map", "theirs"), 1);
            rival.put(KeyPath.of("map", "k3"), "overwritten");
            rival.remove(KeyPath.of("leaf"));
        });
        assertThat(rebase.holds()).isTrue();
        assertThat(rebase.looked()).isLessThan(FEW);

        HashMap<String, Object> merged = rebase.onto(tx.tree());
        assertThat(merged).isNotNull();
        assertThat(Diff.between(tx.tree(), merged)).hasToString("- /leaf = 1\n+ /map/theirs = 1");
    }

    @Test
    void manyWritesOfAListBesideAWriterOfAnotherElementCostThatWrite() {
        assumeTrue(MapDelta.skipsShared());
        Transaction tx = run(batch -> eachIndex(path -> {
            if (!path.toString().endsWith("5")) {
                batch.set(path, "mine");
            }
        }));
        Rebase rebase = rebase(tx, rival -> rival.put(KeyPath.of("list", 15), "theirs"));
        assertThat(rebase.holds()).isTrue();
        assertThat(rebase.looked()).isLessThan(FEW);
        assertThat(Diff.between(tx.tree(), rebase.onto(tx.tree()))).hasToString("~ /list/15: 15 -> \"theirs\"");
    }

    @Test
    void writesIntoAListThatGotLongerAreDoneAgain() {
        Transaction tx = run(batch -> batch.set(KeyPath.of("list", 3), "mine"));
        Rebase rebase = rebase(tx, rival -> rival.insert(KeyPath.of("list", 0), "theirs"));
        assertThat(rebase.holds()).isTrue();
        assertThat(rebase.onto(tx.tree())).isNull();
    }

    @Test
    void fewPlacesBesideManyChangesCostThosePlaces() {
        Consumer<Transaction> rival = batch -> eachKey(path -> batch.set(path, "theirs"));
        Transaction few = run(batch -> {
            for (int i = 0; i < FEW / 4; i++) {
                batch.contains(KeyPath.of("map", "k" + i));
                batch.set(KeyPath.of("map", "new" + i), 1);
            }
        });
        Rebase rebase = rebase(few, rival);
        assertThat(rebase.holds()).isTrue();
        assertThat(rebase.looked()).isLessThan(4 * FEW);
        assertThat(rebase.onto(few.tree()))
                .as("to be done again on the new tree")
                .isNull();
    }

    @Test
    void withClosedTriesItCostsThePlacesOrTheMapAndNoMore() {
        Rebase reads = rebase(tx -> eachKey(tx::contains), rival -> rival.put(KeyPath.of("map", "k7"), 1));
        assertThat(reads.holds()).isTrue();
        assertThat(reads.looked()).isLessThan(2 * MANY + FEW);
    }

    @Test
    void aBatchIsRebasedFromWhereItWasRebasedLast() {
        InterposedRoot root = new InterposedRoot(java.util.Map.of("n", 0, "mine", 0));
        Store store = Store.over(root);
        int[] races = {5};
        Runnable[] rival = new Runnable[1];
        rival[0] = () -> {
            if (races[0]-- > 0) {
                root.beforeNextCommit(races[0] % 2 == 0 ? rival[0] : () -> {});
                store.increment("n");
                root.beforeNextCommit(rival[0]);
            }
        };
        root.beforeNextCommit(rival[0]);
        Commit commit = store.batch(tx -> {
            tx.put("mine", 1);
            tx.put("other", 2);
        });
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(commit.diff()).hasToString("~ /mine: 0 -> 1\n+ /other = 2");
        assertThat(store.get("n")).isEqualTo(5L);
    }
}
