package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListScriptTest {
    private static List<ListScript.Step> between(Vector<Object> before, Vector<Object> after) {
        return ListScript.between(before, after, new TreeComparison());
    }

    private static Vector<Object> list(Object... elements) {
        return Vector.ofAll(new ArrayList<>(Arrays.asList(elements)));
    }

    private static List<Object> played(Vector<Object> before, Vector<Object> after, List<ListScript.Step> steps) {
        List<Object> list = new ArrayList<>(before.asJava());
        for (ListScript.Step step : steps) {
            if (step.before() < 0) {
                list.add(step.at(), after.get(step.after()));
            } else {
                assertThat(list.get(step.at())).isSameAs(before.get(step.before()));
                if (step.after() < 0) {
                    list.remove(step.at());
                } else {
                    assertThat(kind(after.get(step.after()))).isEqualTo(kind(list.get(step.at())));
                    list.set(step.at(), after.get(step.after()));
                }
            }
        }
        return list;
    }

    private static String kind(Object node) {
        return Nodes.isContainer(node) ? Nodes.kind(node) : "a leaf";
    }

    private static Object element(int i) {
        return switch (i % 4) {
            case 0 -> HashMap.of("id", (long) i);
            case 1 -> list((long) i);
            case 2 -> i == 2 ? null : "s" + i;
            default -> (long) i;
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theStepsLeadFromOneListToTheOther(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int kinds = 1 + random.nextInt(12);
            Vector<Object> before = list(random.ints(random.nextInt(15), 0, kinds)
                    .mapToObj(i -> element(i))
                    .toArray());
            Vector<Object> after = list(random.ints(random.nextInt(15), 0, kinds)
                    .mapToObj(i -> element(i))
                    .toArray());
            List<ListScript.Step> steps = between(before, after);
            assertThat(TreeEquality.trees(list(played(before, after, steps).toArray()), after))
                    .as("seed %d round %d", seed, round)
                    .isTrue();
            assertThat(steps.isEmpty()).isEqualTo(TreeEquality.trees(before, after));
        }
    }

    @Test
    void whatStaysHasNoStep() {
        assertThat(between(list(1L, 2L, 3L), list(1L, 2L, 3L))).isEmpty();
        assertThat(between(list(1L, 2L), list(0L, 1L, 2L))).containsExactly(new ListScript.Step(0, -1, 0));
        assertThat(between(list(0L, 1L, 2L), list(1L, 2L))).containsExactly(new ListScript.Step(0, 0, -1));
        assertThat(between(list(1L, 2L, 3L), list(1L, 9L, 3L))).containsExactly(new ListScript.Step(1, 1, 1));
    }

    @Test
    void elementsOfOneKindPairUpBehindOthers() {
        assertThat(between(list(HashMap.of("a", 1L)), list("new", HashMap.of("a", 2L))))
                .containsExactly(new ListScript.Step(0, -1, 0), new ListScript.Step(1, 0, 1));
        assertThat(between(list("old", HashMap.of("a", 1L)), list(HashMap.of("a", 2L))))
                .containsExactly(new ListScript.Step(0, 0, -1), new ListScript.Step(0, 1, 0));
    }
}
