package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeCursorTest {
    private static List<String> steps(Object root, boolean sorted) {
        List<String> steps = new ArrayList<>();
        for (TreeCursor walk = new TreeCursor(root, sorted); walk.next(); ) {
            String where =
                    walk.depth() == 0 ? "" : (walk.inMap() ? "." : "#") + walk.token() + (walk.first() ? "!" : "");
            String what = walk.step() == TreeCursor.Step.LEAF ? "=" + walk.node() : "";
            assertThat(walk.tokens()).hasSize(walk.depth());
            steps.add(walk.step() + where + what);
        }
        return steps;
    }

    @Test
    void containersAreEnteredAndLeft() {
        Object tree = HashMap.of("b", Vector.of(1L, null, HashMap.empty()), "a", "x");
        assertThat(steps(tree, true))
                .containsExactly(
                        "ENTER",
                        "LEAF.a!=x",
                        "ENTER.b",
                        "LEAF#0!=1",
                        "LEAF#1=null",
                        "ENTER#2",
                        "EXIT#2",
                        "EXIT.b",
                        "EXIT");
        assertThat(steps(tree, false))
                .containsExactlyInAnyOrderElementsOf(steps(HashMap.ofAll(((HashMap<?, ?>) tree).toJavaMap()), false));
    }

    @Test
    void aLeafIsAWholeTree() {
        assertThat(steps("x", true)).containsExactly("LEAF=x");
        assertThat(steps(null, false)).containsExactly("LEAF=null");
        assertThat(steps(Vector.empty(), true)).containsExactly("ENTER", "EXIT");
    }

    @Test
    void theEndStaysTheEnd() {
        for (Object root : new Object[] {"x", HashMap.empty(), Vector.of(1L)}) {
            TreeCursor walk = new TreeCursor(root, true);
            while (walk.next()) {
                assertThat(walk.step()).isNotNull();
            }
            assertThat(walk.next()).isFalse();
            assertThat(walk.next()).isFalse();
        }
    }

    /** The keys that a brief walk shows of a map, and the number of keys that it leaves out. */
    private static String brief(HashMap<String, Object> map, int most) {
        StringBuilder shown = new StringBuilder();
        TreeCursor walk = TreeCursor.brief(map, most);
        while (walk.next()) {
            if (walk.step() == TreeCursor.Step.LEAF) {
                shown.append(walk.token()).append(' ');
            }
        }
        return shown.append('+').append(walk.leftOut()).toString();
    }

    private static HashMap<String, Object> keys(int count) {
        HashMap<String, Object> map = HashMap.empty();
        for (int i = 0; i < count; i++) {
            map = map.put(Integer.toString(1_000 - i), true);
        }
        return map;
    }

    @Test
    void aBriefWalkShowsTheFirstKeysOfAMapThatHasFewMore() {
        assertThat(brief(keys(3), 4)).isEqualTo("1000 998 999 +0");
        assertThat(brief(keys(7), 4)).isEqualTo("1000 994 995 996 +3");
    }

    @Test
    void aBriefWalkOfALargeMapLooksAtNoMoreKeysThanItShows() {
        HashMap<String, Object> map = keys(100);
        String first = map.keysIterator().take(4).toSortedSet().mkString(" ");
        assertThat(brief(map, 4)).isEqualTo(first + " +96");
    }
}
