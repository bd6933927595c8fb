package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Timeline;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too long for a row is refused before it is accepted, and by its whole path. */
class RowSizesTest {
    private static final int LIMIT = 4_000_000;

    private final RowSizes sizes = new RowSizes(LIMIT, 2 * LIMIT);
    private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
    private HashMap<String, Object> tree = HashMap.empty();

    @Test
    void valueThatFitsIsAdmitted() {
        assertThatCode(() -> put("a", "x".repeat(LIMIT - 2))).doesNotThrowAnyException();
        assertThatCode(() -> put("b", "x".repeat(100))).doesNotThrowAnyException();
    }

    @Test
    void valueThatIsOneCharTooLongIsRefused() {
        assertThatThrownBy(() -> put("a", "x".repeat(LIMIT - 1)))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("/a")
                .hasMessageContaining("more than " + LIMIT + " characters")
                .hasMessageContaining("split it among several keys");
    }

    @Test
    void refusalNamesTheWholePathOfTheChange() {
        String half = "x".repeat(LIMIT / 2);
        HashMap<String, Object> row = HashMap.of("a", half);
        put("log", row);
        Object longer = row.put("b", HashMap.of("c", half));
        assertThatThrownBy(() -> admit("log", longer, new Edit.Put(KeyPath.of("log", "b", "c"), half)))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("/log/b/c")
                .hasMessageContaining("the value of the key /log would have more than " + LIMIT);
    }

    @Test
    void commitThatWritesTooMuchIsRefusedThoughEachRowFits() {
        String value = "x".repeat(LIMIT - 100);
        tree = HashMap.of("a", value, "b", value, "c", value);
        Snapshot after = timeline.state(1, tree);
        List<Edit> edits = List.of(
                new Edit.Put(KeyPath.of("a"), value),
                new Edit.Put(KeyPath.of("b"), value),
                new Edit.Put(KeyPath.of("c"), value));
        assertThatCode(() -> sizes.admit(timeline.newest(), after, edits.subList(0, 2)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> sizes.admit(timeline.newest(), after, edits))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("/c")
                .hasMessageContaining("more than " + 2 * LIMIT + " bytes")
                .hasMessageContaining("maxCommitBytes");
    }

    @Test
    void commitThatWritesAsMuchAsIsAllowedIsAdmittedAndOneByteMoreIsNot() {
        String value = "x".repeat(1_000);
        long size = Json.options().treeFormat().childSize(null, value, 1, Long.MAX_VALUE);
        Snapshot after = timeline.state(1, tree.put("a", value));
        List<Edit> edits = List.of(new Edit.Put(KeyPath.of("a"), value));
        assertThatCode(() -> new RowSizes(LIMIT, size).admit(timeline.newest(), after, edits))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new RowSizes(LIMIT, size - 1).admit(timeline.newest(), after, edits))
                .isInstanceOf(UnsupportedValueException.class);
    }

    @Test
    void storeRefusesACommitThatIsTooLargeAndGoesOn(@TempDir Path directory) {
        try (Store store = SqliteStore.options().maxCommitBytes(10_000).open(directory.resolve("shared.db"))) {
            store.put("n", 1);
            assertThatThrownBy(() -> store.batch(tx -> {
                        tx.put("n", 2);
                        tx.put("big", "x".repeat(20_000));
                    }))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining("maxCommitBytes");
            assertThat(store.toMap()).isEqualTo(Map.of("n", 1L));
            assertThat(store.increment("n")).isEqualTo(2L);
        }
    }

    @Test
    void treeThatIsReplacedCountsByTheRowsThatDiffer() {
        String value = "x".repeat(LIMIT - 100);
        HashMap<String, Object> large = HashMap.of("a", value, "b", value, "c", value, "d", value);
        Snapshot before = timeline.state(1, large);
        Snapshot after = timeline.state(2, large.put("e", 1L).remove("a"));
        Edit whole = new Edit.Put(KeyPath.root(), after.root());
        assertThatCode(() -> sizes.admit(before, after, List.of(whole))).doesNotThrowAnyException();
        assertThatThrownBy(() -> sizes.admit(timeline.newest(), after, List.of(whole)))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("maxCommitBytes");
    }

    @Test
    void rowThatGrowsByLittleIsRefusedWhenItIsTooLong() {
        int appended = 0;
        String element = "x".repeat(100_000);
        put("list", Vector.empty());
        while (appended < 39) {
            append("list", element);
            appended++;
        }
        assertThatThrownBy(() -> append("list", element)).isInstanceOf(UnsupportedValueException.class);
    }

    @Test
    void rowThatBecameShorterMayGrowAgain() {
        sizes.exactly("a", LIMIT);
        put("a", "short");
        assertThatCode(() -> put("a", "x".repeat(LIMIT - 2))).doesNotThrowAnyException();
    }

    @Test
    void valueThatSharesItsPartsIsRefusedInReasonableTime() {
        Object value = "x";
        for (int i = 0; i < 60; i++) {
            value = Vector.of(value, value);
        }
        Object shared = value;
        assertThatThrownBy(() -> put("a", shared)).isInstanceOf(UnsupportedValueException.class);
    }

    private void put(String key, Object value) {
        admit(key, value, new Edit.Put(KeyPath.of(key), value));
    }

    private void append(String key, Object element) {
        Vector<Object> before = listAt(key);
        admit(key, before.append(element), new Edit.Append(KeyPath.of(key), before.size(), Vector.of(element)));
    }

    @SuppressWarnings("unchecked")
    private Vector<Object> listAt(String key) {
        return (Vector<Object>) tree.get(key).get();
    }

    private void admit(String key, Object value, Edit edit) {
        HashMap<String, Object> next = tree.put(key, value);
        Snapshot after = timeline.state(1, next);
        sizes.admit(timeline.newest(), after, List.of(edit));
        tree = next;
    }
}
