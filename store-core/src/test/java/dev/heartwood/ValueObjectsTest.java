package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.tree.Nodes;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes and edits are values: they are equal exactly if all their components are equal. */
class ValueObjectsTest {
    private static final KeyPath HERE = KeyPath.of("here");
    private static final KeyPath THERE = KeyPath.of("there");

    static Stream<List<Object>> kinds() {
        return Stream.of(
                List.of(new Change.Added(HERE, 1L), new Change.Added(THERE, 1L), new Change.Added(HERE, 2L)),
                List.of(new Change.Removed(HERE, 1L), new Change.Removed(THERE, 1L), new Change.Removed(HERE, 2L)),
                List.of(
                        new Change.Replaced(HERE, 1L, 2L),
                        new Change.Replaced(THERE, 1L, 2L),
                        new Change.Replaced(HERE, 2L, 1L),
                        new Change.Replaced(HERE, 1L, 3L),
                        new Change.Replaced(HERE, 3L, 2L)),
                List.of(
                        new Edit.Append(HERE, 3, Vector.of(1L)),
                        new Edit.Append(THERE, 3, Vector.of(1L)),
                        new Edit.Append(HERE, 4, Vector.of(1L)),
                        new Edit.Append(HERE, 3, Vector.of(2L))),
                List.of(new Edit.Put(HERE, 1L), new Edit.Put(THERE, 1L), new Edit.Put(HERE, 2L)),
                List.of(new Edit.Remove(HERE), new Edit.Remove(THERE)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void areEqualWhereAllThatTheySayIsEqualAndOnlyThere(List<Object> different) {
        List<Object> again = new ArrayList<>();
        kinds().filter(kind -> kind.equals(different)).findFirst().ifPresent(again::addAll);

        assertThat(again).hasSameSizeAs(different);
        for (int i = 0; i < different.size(); i++) {
            for (int j = 0; j < different.size(); j++) {
                assertThat(different.get(i).equals(again.get(j))).isEqualTo(i == j);
            }
            assertThat(different.get(i)).hasSameHashCodeAs(again.get(i)).isNotEqualTo("something else");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void seldomShareAHashCode(List<Object> different) {
        HashSet<Integer> hashes = new HashSet<>();
        different.forEach(value -> hashes.add(value.hashCode()));

        assertThat(hashes).hasSameSizeAs(different);
    }

    @Test
    void aChangeNeedsAPlaceBelowTheRootAndValues() {
        KeyPath root = KeyPath.root();
        List<ThrowingCallable> refused = List.of(
                () -> new Change.Added(root, 1L),
                () -> new Change.Removed(root, 1L),
                () -> new Change.Replaced(root, 1L, 2L),
                () -> new Change.Added(HERE, Nodes.MISSING),
                () -> new Change.Removed(HERE, Nodes.MISSING),
                () -> new Change.Replaced(HERE, Nodes.MISSING, 2L),
                () -> new Change.Replaced(HERE, 1L, Nodes.MISSING));
        refused.forEach(each -> assertThatThrownBy(each).isInstanceOf(IllegalArgumentException.class));
    }
}
