package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.tree.Same;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A single operation that has lost its race is put onto the new state, as far as it stands there, and not made anew: the
 * outcome, what it answers, and the edits that a root is told, are those of the operation run after its rivals.
 */
class RebaseTest {
    private static final int CASES = 30_000;
    private static final int MOST_BEFORE = 4;
    private static final int MOST_RIVALS = 3;

    private int lost;

    @Test
    void anOperationThatLostItsRaceDoesWhatItWouldHaveDoneAfterItsRivals() {
        long seed = new Random().nextLong();
        for (int i = 0; i < CASES; i++) {
            race(seed + i);
        }
        assertThat(lost).as("seed %d: races lost", seed).isGreaterThan(CASES / 4);
    }

    private void race(long seed) {
        Random random = new Random(seed);
        List<AnyOperation> before = some(random, MOST_BEFORE);
        List<AnyOperation> rivals = some(random, MOST_RIVALS);
        AnyOperation operation = AnyOperation.random(random);
        InterposedRoot root = new InterposedRoot(AnyOperation.START);
        Store store = Store.over(root);
        before.forEach(one -> one.on(store));
        boolean[] raced = new boolean[1];
        root.beforeNextCommit(() -> {
            raced[0] = true;
            rivals.forEach(one -> one.on(store));
        });
        root.onEdits((from, to, edits) -> assertThat(Same.trees(applied(edits.get(), from), to.tree()))
                .as("seed %d: %s is told as %s", seed, operation, edits.get())
                .isTrue());
        String answer = operation.on(store);

        Store alone = Store.of(AnyOperation.START);
        before.forEach(one -> one.on(alone));
        if (raced[0]) {
            rivals.forEach(one -> one.on(alone));
            lost++;
        }
        assertThat(answer).as("seed %d", seed).isEqualTo(operation.on(alone));
        assertThat(store.snapshot().sameTree(alone.snapshot()))
                .as("seed %d: %s after %s", seed, operation, rivals)
                .isTrue();
    }

    private static List<AnyOperation> some(Random random, int most) {
        List<AnyOperation> operations = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            operations.add(AnyOperation.random(random));
        }
        return operations;
    }

    private static HashMap<String, Object> applied(List<Edit> edits, Snapshot from) {
        HashMap<String, Object> tree = from.tree();
        for (Edit edit : edits) {
            tree = Objects.requireNonNull(edit.applyTo(tree));
        }
        return tree;
    }
}
