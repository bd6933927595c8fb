package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenRegistryTest {
    private static final Object DIALECT = new Object();

    @Test
    void whatWasRememberedIsKnownInItsDialectAlone() {
        Vector<Object> list = Vector.of(1L);
        assertThat(FrozenRegistry.height(list, DIALECT)).isEqualTo(-1);
        FrozenRegistry.remember(list, 7, DIALECT);
        assertThat(FrozenRegistry.height(list, DIALECT)).isEqualTo(7);
        assertThat(FrozenRegistry.height(Vector.of(1L), DIALECT)).isEqualTo(-1);
        assertThat(FrozenRegistry.height(list, new Object())).isEqualTo(-1);
    }

    @Test
    void theSmallerBoundIsKept() {
        HashMap<String, Object> map = HashMap.of("a", 1L);
        FrozenRegistry.remember(map, 7, DIALECT);
        FrozenRegistry.remember(map, 9, DIALECT);
        assertThat(FrozenRegistry.height(map, DIALECT)).isEqualTo(7);
        FrozenRegistry.remember(map, 2, DIALECT);
        assertThat(FrozenRegistry.height(map, DIALECT)).isEqualTo(2);
    }

    @Test
    void emptyContainersAreAlwaysKnown() {
        assertThat(FrozenRegistry.height(HashMap.empty(), DIALECT)).isEqualTo(1);
        assertThat(FrozenRegistry.height(Vector.empty(), DIALECT)).isEqualTo(1);
    }

    @Test
    void whatIsForgottenIsUnknownAndNeverMistaken() {
        Vector<?>[] lists = new Vector<?>[20_000];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = Vector.of(i);
            FrozenRegistry.remember(lists[i], i, DIALECT);
        }
        int known = 0;
        for (int i = 0; i < lists.length; i++) {
            int height = FrozenRegistry.height(lists[i], DIALECT);
            assertThat(height).isIn(-1, i);
            known += height < 0 ? 0 : 1;
        }
        assertThat(known).isPositive();
    }

    private static int naive(Object node) {
        if (!Nodes.isContainer(node)) {
            return 0;
        }
        Iterable<?> children = node instanceof HashMap<?, ?> map ? map.values() : (Vector<?>) node;
        int height = 0;
        for (Object child : children) {
            height = Math.max(height, naive(child));
        }
        return height + 1;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theHeightIsThatOfTheDeepestPlace(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Vector<Object> nodes = Vector.of("leaf");
            for (int i = 0; i < 12; i++) {
                Object one = nodes.get(random.nextInt(nodes.size()));
                Object other = nodes.get(random.nextInt(nodes.size()));
                nodes = nodes.append(random.nextBoolean() ? Vector.of(one, other) : HashMap.of("a", one, "b", other));
            }
            assertThat(FrozenBlocks.measure(nodes.last())).as("seed %d", seed).isEqualTo(naive(nodes.last()));
        }
    }
}
