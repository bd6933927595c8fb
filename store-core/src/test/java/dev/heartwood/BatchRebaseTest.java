package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A batch that has lost its race is put onto the new state or run anew: the outcome, the values that its body has read,
 * and the edits that the root receives, are those of the body alone on the state that it was committed on.
 */
class BatchRebaseTest {
    private static final int CASES = 20_000;

    private int replayed;
    private int again;

    @Test
    void aBatchThatLostItsRaceDoesWhatItsBodyDoesAloneOnTheNewState() {
        long seed = new Random().nextLong();
        for (int i = 0; i < CASES; i++) {
            race(seed + i);
        }
        assertThat(replayed).as("seed %d: put onto the new state", seed).isGreaterThan(CASES / 10);
        assertThat(again).as("seed %d: run anew", seed).isGreaterThan(CASES / 100);
    }

    private void race(long seed) {
        Random random = new Random(seed);
        InterposedRoot root = new InterposedRoot(AnyOperation.START);
        Store store = Store.over(root);
        AnyOperation.random(random).on(store);
        AtomicInteger rivals = new AtomicInteger();
        int most = 1 + random.nextInt(2);
        long rivalSeed = random.nextLong();
        root.beforeNextCommit(new Runnable() {
            @Override
            public void run() {
                rival(store, new Random(rivalSeed + rivals.get()));
                if (rivals.incrementAndGet() < most) {
                    root.beforeNextCommit(this);
                }
            }
        });
        root.onEdits((from, to, edits) -> assertThat(TreeEquality.trees(applied(edits, from), to.tree()))
                .as("seed %d: told as %s", seed, edits.get())
                .isTrue());
        AnyBody body = new AnyBody(random.nextLong());
        Commit commit;
        try {
            commit = store.batch(body);
        } catch (StoreException e) {
            // A function that it commuted found nothing at its place.
            assertThatThrownBy(() -> store.snapshot().edit(body))
                    .as("seed %d", seed)
                    .hasSameClassAs(e);
            return;
        }
        List<String> told = body.told();

        Snapshot alone = commit.before().edit(body);
        assertThat(told).as("seed %d: what the body was told", seed).isEqualTo(body.told());
        assertThat(alone.sameTree(commit.after()))
                .as(
                        "seed %d: %s, alone it makes%n%s",
                        seed, told, commit.before().diff(alone))
                .isTrue();
        replayed += rivals.get() > 0 && commit.changed() && commit.attempts() == 1 ? 1 : 0;
        again += commit.attempts() > 1 ? 1 : 0;
    }

    private static void rival(Store store, Random random) {
        if (random.nextBoolean()) {
            AnyOperation.random(random).on(store);
        } else {
            try {
                store.batch(new AnyBody(random.nextLong()));
            } catch (StoreException e) {
                // A commuted function found nothing at its place: this rival changes nothing.
            }
        }
    }

    private static HashMap<String, Object> applied(Supplier<List<Edit>> edits, Snapshot from) {
        HashMap<String, Object> tree = from.tree();
        for (Edit edit : edits.get()) {
            tree = Objects.requireNonNull(edit.applyTo(tree));
        }
        return tree;
    }
}
