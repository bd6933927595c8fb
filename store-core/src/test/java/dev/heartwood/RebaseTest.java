package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.tree.MapDelta;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void manyReadsAreComparedWithAWriteOfTheSameContainerAtTheCostOfThatWrite() {
        assumeTrue(MapDelta.skipsShared());
        ReadWriteSet keys = run(tx -> eachKey(tx::get)).readWriteSet();
        Rebase map = Rebase.of(
                keys,
                before.tree(),
                before.edit(tx -> tx.put(KeyPath.of("map", "new"), 1)).tree(),
                0);
        assertThat(map.holds()).isTrue();
        assertThat(map.looked()).isLessThan(FEW);

        ReadWriteSet indices = run(tx -> eachIndex(tx::get)).readWriteSet();
        KeyPath appended = KeyPath.of("list", MANY);
        Rebase list = Rebase.of(
                indices,
                before.tree(),
                before.edit(tx -> tx.insert(appended, 1)).tree(),
                0);
        assertThat(list.holds()).isTrue();
        assertThat(list.looked()).isLessThan(FEW);
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
    void whatOthersChangeWhereTheBatchHasOnlyLookedStays() {
        assumeTrue(MapDelta.skipsShared());
        List<Consumer<Transaction>> looks = List.of(
                batch -> batch.contains(KeyPath.of("map", "k7")),
                batch -> batch.size(KeyPath.of("map")),
                batch -> batch.keys(KeyPath.of("map")),
                batch -> batch.contains(KeyPath.of("map")));
        for (Consumer<Transaction> look : looks) {
            Transaction tx = run(batch -> {
                look.accept(batch);
                batch.set(KeyPath.of("leaf"), "mine");
                batch.set(KeyPath.of("list", 3), "mine");
            });
            Rebase rebase = rebase(tx, rival -> rival.put(KeyPath.of("map", "k7"), "theirs"));
            assertThat(rebase.holds()).isTrue();
            assertThat(Diff.between(tx.tree(), rebase.onto(tx.tree()))).hasToString("~ /map/k7: 7 -> \"theirs\"");
        }
    }

    /** The law of rebasing: it gives what the body gives when it runs on the newer tree, or says that it cannot. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRebasedBatchIsTheBatchRunOnTheNewerTree(long seed) {
        Random random = new Random(seed);
        int rebased = 0;
        for (int round = 0; round < 400; round++) {
            Snapshot small = Store.of(smallTree()).snapshot();
            long ours = random.nextLong();
            long theirs = random.nextLong();
            Transaction tx = new Transaction(small, false, false);
            List<Object> answers = steps(tx, new Random(ours), true);
            tx.end();
            Snapshot newer = small.edit(rival -> {
                List<Object> ignored = steps(rival, new Random(theirs), false);
            });
            Rebase rebase = tx.rebase(small.tree(), newer.tree());
            HashMap<String, Object> merged = rebase.holds() ? rebase.onto(tx.tree()) : null;
            if (merged != null) {
                rebased++;
                Transaction again = new Transaction(newer, false, false);
                assertThat(steps(again, new Random(ours), true))
                        .as("the answers, seed %d, round %d", seed, round)
                        .isEqualTo(answers);
                assertThat(merged)
                        .as("the tree, seed %d, round %d", seed, round)
                        .isEqualTo(again.tree());
            }
        }
        assertThat(rebased).as("rebased batches").isGreaterThan(20);
    }

    static HashMap<String, Object> smallTree() {
        HashMap<String, Object> tree = HashMap.empty();
        for (String key : KEYS) {
            tree = tree.put(key, HashMap.of("a", map(3), "b", 1L, "list", Vector.of(1L, 2L, 3L)));
        }
        return tree;
    }

    private static final List<String> KEYS = List.of("p", "q", "r", "s");

    /** A few reads and writes at random places; the answers of the reads. */
    private static List<Object> steps(Transaction tx, Random random, boolean reads) {
        List<Object> answers = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            KeyPath path = place(random);
            int what = random.nextInt(reads ? 8 : 3);
            String fresh = "v" + random.nextInt(1000);
            try {
                switch (what) {
                    case 0, 1 -> tx.set(path, fresh);
                    case 2 -> tx.remove(path);
                    case 3 -> answers.add(tx.contains(path));
                    case 4 -> answers.add(tx.size(path));
                    case 5 -> answers.add(Set.copyOf(tx.keys(path)));
                    case 6 -> answers.add(String.valueOf(tx.getOrDefault(path, "none")));
                    default -> answers.add(String.valueOf(tx.put(path, fresh)));
                }
            } catch (NoSuchPathException | TypeMismatchException e) {
                answers.add(e.getClass());
            }
        }
        return answers;
    }

    /** A place of {@link #smallTree}, or one next to it. */
    static KeyPath place(Random random) {
        KeyPath path = KeyPath.of(KEYS.get(random.nextInt(KEYS.size())));
        return switch (random.nextInt(5)) {
            case 0 -> path;
            case 1 -> path.child("b");
            case 2 -> path.child("a");
            case 3 -> path.child("a").child("k" + random.nextInt(4));
            default -> path.child("list").child(random.nextInt(3));
        };
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
