package dev.heartwood.file.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a commit weighs decides when callers wait: each kind of edit counts, with all of its values. */
class CommitWeightTest {
    private static final KeyPath PLACE = KeyPath.of("place");

    private static long weight(Edit... edits) {
        return CommitWeight.of(List.of(edits));
    }

    private static Edit put(Object value) {
        return new Edit.Put(PLACE, value);
    }

    @Test
    void anAppendWeighsAsMuchAsAPutOfItsElements() {
        Vector<Object> elements = Vector.of("x".repeat(10_000), "y".repeat(20_000));
        assertThat(weight(new Edit.Append(PLACE, 7, elements)))
                .isGreaterThan(30_000)
                .isEqualTo(weight(put(elements)));
    }

    @Test
    void ofManyValuesSomeAreLookedAtAndAllCount() {
        Vector<Object> list = Vector.fill(1_000, () -> "x".repeat(100));
        HashMap<Object, Object> map = HashMap.ofEntries(list.zipWithIndex((value, i) -> Tuple.of("key" + i, value)));
        assertThat(weight(put(list))).isBetween(100_000L, 200_000L);
        assertThat(weight(put(map))).isEqualTo(weight(put(list)));
    }

    @Test
    void whatIsDeepInsideCounts() {
        String large = "x".repeat(10_000);
        assertThat(weight(put(Vector.of(HashMap.of("a", Vector.of(large)))))).isGreaterThan(10_000);
    }

    @Test
    void eachEditOfACommitCounts() {
        assertThat(weight(put("x".repeat(1_000)), put("y".repeat(1_000)))).isGreaterThan(2_000);
        assertThat(weight(new Edit.Remove(PLACE))).isPositive();
    }
}
