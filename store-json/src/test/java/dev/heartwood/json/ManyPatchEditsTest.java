package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.tree.Steps;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches with many operations on one list are applied in one pass, and do what the operations do one by one. */
class ManyPatchEditsTest {
    private static Object randomList(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            int kind = depth == 0 ? 0 : random.nextInt(3);
            Object leaf = (long) random.nextInt(6);
            Object nested = depth == 0 ? leaf : randomList(random, depth - 1);
            list.add(kind == 0 ? leaf : kind == 1 ? Map.of("l", nested) : nested);
        }
        return list;
    }

    private static String operation(Random random) {
        String path = "/l" + "/" + random.nextInt(12) + (random.nextInt(3) == 0 ? "/" + random.nextInt(3) : "");
        String from = (random.nextInt(4) == 0 ? "/m/" : "/l/") + random.nextInt(12);
        return switch (random.nextInt(5)) {
            case 0 -> "{\"op\":\"remove\",\"path\":\"" + path + "\"}";
            case 1 -> "{\"op\":\"move\",\"from\":\"" + from + "\",\"path\":\"" + path + "\"}";
            case 2 -> "{\"op\":\"replace\",\"path\":\"" + path + "\",\"value\":[7,8]}";
            default -> "{\"op\":\"add\",\"path\":\"" + path + "\",\"value\":[1,{\"a\":2}]}";
        };
    }

    /** One operation a patch: never in a run. */
    private static String oneByOne(Store store, List<String> operations) {
        try {
            store.batch(tx ->
                    operations.forEach(one -> JsonPatch.parse("[" + one + "]").applyTo(tx)));
            return Json.write(store);
        } catch (ConflictException e) {
            return "conflict at " + e.path();
        }
    }

    private static String atOnce(Store store, List<String> operations) {
        try {
            JsonPatch.parse("[" + String.join(",", operations) + "]").applyTo(store);
            return Json.write(store);
        } catch (ConflictException e) {
            return "conflict at " + e.path();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aPatchDoesWhatItsOperationsDoOneByOne(long seed) {
        Random random = new Random(seed);
        int applied = 0;
        for (int round = 0; round < 400; round++) {
            Object list = randomList(random, 2);
            List<String> operations = new ArrayList<>();
            for (int i = 8 + random.nextInt(12); i > 0; i--) {
                operations.add(operation(random));
            }
            Map<String, Object> tree = Map.of("l", list, "m", list);
            String expected = oneByOne(Store.of(tree), operations);
            assertThat(atOnce(Store.of(tree), operations))
                    .as("seed %d round %d: %s", seed, round, operations)
                    .isEqualTo(expected);
            applied += expected.startsWith("conflict") ? 0 : 1;
        }
        assertThat(applied).isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void aPatchOfADiffLeadsThere(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            Store store = Store.of(Map.of("l", randomList(random, 3)));
            Snapshot after = Store.of(Map.of("l", randomList(random, 3))).snapshot();
            JsonPatch.of(store.snapshot().diff(after)).applyTo(store);
            assertThat(store.snapshot().sameTree(after)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void theOperationThatDoesNotFitIsNamed() {
        List<String> operations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            operations.add("{\"op\":\"add\",\"path\":\"/l/0\",\"value\":" + i + "}");
        }
        operations.set(13, "{\"op\":\"test\",\"path\":\"/l/0\",\"value\":99}");
        Store store = Store.of(Map.of("l", List.of("x")));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> JsonPatch.parse(operations.toString()).applyTo(store))
                .withMessageContaining("operation 13 (test /l/0)")
                .satisfies(e -> assertThat(e.path()).isEqualTo(KeyPath.of("l", 0)));
        assertThat(store.getList("l")).isEqualTo(List.of("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'test','path':'/l/0/absent','value':1}",
                "{'op':'move','from':'/l/0/absent','path':'/l/0/absent'}"
            })
    void anOperationOnWhatIsNotThereDoesNotFit(String operation) {
        List<String> operations =
                new ArrayList<>(Collections.nCopies(20, "{\"op\":\"add\",\"path\":\"/l/0\",\"value\":{}}"));
        operations.set(13, operation.replace('\'', '"'));
        Store store = Store.of(Map.of("l", List.of("x")));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> JsonPatch.parse(operations.toString()).applyTo(store))
                .withMessageContaining("operation 13")
                .withMessageContaining("nothing at /l/0/absent");
        assertThat(store.getList("l")).isEqualTo(List.of("x"));
    }

    @Test
    void aTestForNullFitsWhereNullIs() {
        List<String> operations =
                new ArrayList<>(Collections.nCopies(20, "{\"op\":\"add\",\"path\":\"/l/0\",\"value\":null}"));
        operations.set(13, "{\"op\":\"test\",\"path\":\"/l/0\",\"value\":null}");
        Store store = Store.of(Map.of("l", List.of()));
        JsonPatch.parse(operations.toString()).applyTo(store);
        assertThat(store.getList("l")).hasSize(19);
    }

    @Test
    void aMapOfDigitsThatHasBecomeAListDoesNotFit() {
        Map<String, Object> digits = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            digits.put(String.valueOf(i), i);
        }
        Snapshot before = Store.of(Map.of("l", List.of(Map.of()))).snapshot();
        JsonPatch patch =
                JsonPatch.of(before.diff(Store.of(Map.of("l", List.of(digits))).snapshot()));
        List<Object> elements = Collections.nCopies(10, 0L);
        Store store = Store.of(Map.of("l", List.of(elements)));

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> patch.applyTo(store))
                .withMessageContaining("expected a map at /l/0");
        assertThat(store.getList("l")).isEqualTo(List.of(elements));
    }

    @Test
    void theOperationThatMakesATreeTooDeepIsNamed() {
        String deep = "[".repeat(997) + "]".repeat(997);
        List<String> operations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            operations.add("{\"op\":\"add\",\"path\":\"/a/b/l/0\",\"value\":" + (i == 13 ? deep : i) + "}");
        }
        Store store = Store.of(Map.of("a", Map.of("b", Map.of("l", List.of("x")))));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> JsonPatch.parse(operations.toString()).applyTo(store))
                .withMessageContaining("operation 13 (add /a/b/l/0)")
                .withMessageContaining("nested containers");
        assertThat(store.getList(KeyPath.of("a", "b", "l"))).isEqualTo(List.of("x"));
    }

    private static long steps(int size, String operations) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(operations.replace("#", Integer.toString(i)));
        }
        JsonPatch patch = JsonPatch.parse("[" + String.join(",", all) + "]");
        Store store = Store.of(Map.of("l", List.of(0), "m", Map.of()));
        long before = Steps.ofThread();
        patch.applyTo(store);
        return Steps.ofThread() - before;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'add','path':'/l/0','value':1}",
                "{'op':'add','path':'/m/#','value':1}",
                "{'op':'add','path':'/l/0','value':1},{'op':'move','from':'/l/0','path':'/l/0'}",
                "{'op':'add','path':'/l/0','value':1},{'op':'add','path':'/m/#','value':1}"
            })
    void tenTimesAsManyOperationsTakeTenTimesAsManySteps(String operations) {
        String json = operations.replace('\'', '"');
        assertThat(Steps.areCounted()).isTrue();
        long few = steps(200, json);
        assertThat(steps(2_000, json)).as("%d for 200", few).isLessThan(20 * few + 1_000);
    }

    private static int inOnePass(String operations) {
        int[] next = new int[1];
        Store.of(Map.of("l", List.of("x")))
                .batch(tx -> next[0] = new PatchRun(PatchParser.operations(
                                JsonPatch.parse(operations).toTree()))
                        .apply(0, tx));
        return next[0];
    }

    @Test
    void insertionsAtWhatWasTheEndAreAppliedInOnePass() {
        List<String> atTheEnd = new ArrayList<>();
        List<String> atOneIndex = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            atTheEnd.add("{\"op\":\"add\",\"path\":\"/l/" + i + "\",\"value\":1}");
            atOneIndex.add("{\"op\":\"add\",\"path\":\"/l/1\",\"value\":1}");
        }
        assertThat(inOnePass(atTheEnd.toString())).isZero();
        assertThat(inOnePass(atOneIndex.toString())).isEqualTo(20);
    }
}
