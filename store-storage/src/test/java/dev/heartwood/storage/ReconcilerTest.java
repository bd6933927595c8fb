package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value that was read anew is made of the parts that are known, and is the value that was read. */
class ReconcilerTest {
    @Test
    void anEqualValueIsTheKnownInstance() {
        Object known = HashMap.of("a", Vector.of(1L, HashMap.of("b", null)));
        Object read = HashMap.of("a", Vector.of(1L, HashMap.of("b", null)));
        assertThat(Reconciler.onto(known, read)).isSameAs(known);
    }

    @Test
    void whatIsEqualBesideAChangeStaysTheKnownInstance() {
        HashMap<String, Object> kept = HashMap.of("x", 1L);
        Object known = HashMap.of("kept", kept, "list", Vector.of(kept, 1L, 2L));
        Object read = HashMap.of("kept", HashMap.of("x", 1L), "list", Vector.of(HashMap.of("x", 1L), 1L, 3L, 4L));

        HashMap<?, ?> reconciled = (HashMap<?, ?>) Reconciler.onto(known, read);

        assertThat(TreeEquality.trees(reconciled, read)).isTrue();
        assertThat(reconciled.values().exists(value -> value == kept)).isTrue();
        assertThat(reconciled.values().exists(value -> value instanceof Vector<?> list && list.get(0) == kept))
                .isTrue();
    }

    @Test
    void aKeyThatIsGoneIsGoneAtAnyDepth() {
        Object known = HashMap.of("m", HashMap.of("a", 1L, "b", 2L));
        Object read = HashMap.of("m", HashMap.of("a", 1L));
        assertThat(Reconciler.onto(known, read)).isEqualTo(read);
    }

    @Test
    void aDeepValueIsTheKnownOneWhereItIsEqualAndTheOneThatWasReadWhereItIsNot() {
        Object known = nested(1L);
        Object other = nested(2L);
        assertThat(Reconciler.onto(known, nested(1L))).isSameAs(known);
        assertThat(Reconciler.onto(known, other)).isEqualTo(other);
    }

    /** Deeper than parts of it are told apart. */
    private static Object nested(Object leaf) {
        Object value = leaf;
        for (int i = 0; i < 20; i++) {
            value = i % 2 == 0 ? HashMap.of("k", value) : Vector.of(value);
        }
        return value;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itIsTheValueThatWasReadWhateverIsKnown(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Object known = tree(random, 4);
            Object read = tree(random, 4);
            assertThat(TreeEquality.trees(Reconciler.onto(known, read), read))
                    .as("seed %d round %d: %s onto %s", seed, round, read, known)
                    .isTrue();
        }
    }

    private static @Nullable Object tree(Random random, int levels) {
        switch (levels == 0 ? 0 : random.nextInt(3)) {
            case 1 -> {
                HashMap<String, @Nullable Object> map = HashMap.empty();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map = map.put("k" + random.nextInt(5), tree(random, levels - 1));
                }
                return map;
            }
            case 2 -> {
                Vector<@Nullable Object> list = Vector.empty();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list = list.append(tree(random, levels - 1));
                }
                return list;
            }
            default -> {
                int leaf = random.nextInt(4);
                return leaf == 0 ? null : (long) leaf;
            }
        }
    }
}
