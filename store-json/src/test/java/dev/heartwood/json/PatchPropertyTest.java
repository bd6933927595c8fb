package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.JsonDiff;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import dev.heartwood.ConflictException;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Patches on random pairs of trees, with an independent library as the judge. */
class PatchPropertyTest {
    private static final int PAIRS = 1_000;
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);

    private record Pair(long seed, Snapshot a, Snapshot b) {
        @SuppressWarnings("unchecked")
        static Pair of(long seed, boolean forOthers) {
            RandomTrees trees = new RandomTrees(seed, forOthers);
            Map<String, Object> tree = trees.map(4);
            Object changed = trees.changed(tree, 4);
            Map<String, Object> other = changed instanceof Map ? (Map<String, Object>) changed : trees.map(4);
            return new Pair(
                    seed,
                    Json.readStore(Json.write(tree)).snapshot(),
                    Json.readStore(Json.write(other)).snapshot());
        }
    }

    private static JsonNode node(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    @Test
    void aPatchFromADiffGivesTheOtherTree() throws Exception {
        long start = Long.getLong("seed", System.nanoTime());
        for (long seed = start; seed < start + PAIRS; seed++) {
            Pair pair = Pair.of(seed, true);
            JsonPatch patch = JsonPatch.parse(JsonPatch.of(pair.a.diff(pair.b)).toJson());
            assertThat(pair.a.edit(patch::applyTo).sameTree(pair.b))
                    .as("by us, seed %d", seed)
                    .isTrue();

            JsonNode theirs = com.flipkart.zjsonpatch.JsonPatch.apply(node(patch.toJson()), node(Json.write(pair.a)));
            assertThat(theirs).as("by zjsonpatch, seed %d", seed).isEqualTo(node(Json.write(pair.b)));
        }
    }

    @Test
    void theirPatchesAppliedByUsGiveTheOtherTree() throws Exception {
        long start = Long.getLong("seed", System.nanoTime());
        for (long seed = start; seed < start + PAIRS; seed++) {
            Pair pair = Pair.of(seed, true);
            String patch = theirs(node(Json.write(pair.a)), node(Json.write(pair.b)));
            Snapshot applied = pair.a.edit(JsonPatch.parse(patch)::applyTo);
            assertThat(ValueEquality.trees(applied.root(), pair.b.root()))
                    .as("seed %d: %s", seed, patch)
                    .isTrue();
        }
    }

    /** With moves, unless those do not even give their own tree: they take some keys for places in a list. */
    private static String theirs(JsonNode a, JsonNode b) {
        return givesTheirOwnTree(a, b)
                ? JsonDiff.asJson(a, b).toString()
                : JsonDiff.asJson(a, b, EnumSet.of(DiffFlags.OMIT_MOVE_OPERATION))
                        .toString();
    }

    private static boolean givesTheirOwnTree(JsonNode a, JsonNode b) {
        try {
            return com.flipkart.zjsonpatch.JsonPatch.apply(JsonDiff.asJson(a, b), a)
                    .equals(b);
        } catch (IllegalStateException | JsonPatchApplicationException e) {
            return false;
        }
    }

    @Test
    void theInverseGivesTheFirstTree() {
        long start = Long.getLong("seed", System.nanoTime());
        for (long seed = start; seed < start + PAIRS; seed++) {
            Pair pair = Pair.of(seed, false);
            JsonPatch patch = JsonPatch.of(pair.a.diff(pair.b));
            Snapshot back = pair.b.edit(patch.inverse(pair.a)::applyTo);
            assertThat(back.sameTree(pair.a)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void aMergePatchGivesTheOtherTreeOrSaysThatItCannot() {
        long start = Long.getLong("seed", System.nanoTime());
        int made = 0;
        for (long seed = start; seed < start + PAIRS; seed++) {
            Pair pair = Pair.of(seed, false);
            JsonMergePatch patch;
            try {
                patch = JsonMergePatch.between(pair.a, pair.b);
            } catch (UnsupportedValueException e) {
                assertThat(pair.b.get(e.path())).isNull();
                continue;
            }
            made++;
            Snapshot applied = pair.a.edit(JsonMergePatch.parse(patch.toJson())::applyTo);
            assertThat(applied.sameTree(pair.b)).as("seed %d", seed).isTrue();
        }
        assertThat(made).isGreaterThan(PAIRS / 2);
    }

    @Test
    void aPatchThatFailsChangesNothing() {
        long start = Long.getLong("seed", System.nanoTime());
        int failed = 0;
        for (long seed = start; seed < start + PAIRS; seed++) {
            Pair pair = Pair.of(seed, false);
            JsonPatch patch = JsonPatch.of(pair.a.diff(pair.b));
            Store other = Store.of(Pair.of(seed + 1, false).a.root());
            Snapshot before = other.snapshot();
            try {
                patch.applyTo(other);
            } catch (ConflictException e) {
                failed++;
                assertThat(other.snapshot()).as("seed %d", seed).isSameAs(before);
            }
        }
        assertThat(failed).isPositive();
    }
}
