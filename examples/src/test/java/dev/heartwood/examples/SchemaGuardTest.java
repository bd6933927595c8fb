package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonPatch;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The guard of {@code docs/guards.md}, which checks a place by a JSON Schema. */
class SchemaGuardTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema("""
                    {"type": "object", "additionalProperties": {
                        "type": "object", "required": ["name"], "properties": {
                            "name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}}}}
                    """);

    private final Store store = Store.options()
            .guard("users by their schema", KeyPath.of("users"), SchemaGuardTest::isValid)
            .create();

    private static boolean isValid(TreeView view) {
        var errors = SCHEMA.validate(Json.write(view.getOrDefault("users", Map.of())), InputFormat.JSON);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.toString());
        }
        return true;
    }

    @Test
    void aTreeThatFollowsTheSchemaIsCommitted() {
        store.put(KeyPath.of("users", "ada"), Map.of("name", "Ada", "age", 36));
        store.put("elsewhere", 1);

        assertThat(store.get(KeyPath.of("users", "ada", "age"))).isEqualTo(36L);
    }

    @Test
    void aCommitThatBreaksTheSchemaIsRefusedInTheWordsOfTheValidatorWhicheverWayItComes() {
        store.put(KeyPath.of("users", "ada"), Map.of("name", "Ada", "age", 36));
        Snapshot before = store.snapshot();

        assertThatThrownBy(() -> store.put(KeyPath.of("users", "ada", "age"), -1))
                .isInstanceOf(GuardException.class)
                .hasMessageContaining("users by their schema")
                .hasMessageContaining("minimum");
        assertThatThrownBy(() -> store.remove(KeyPath.of("users", "ada", "name")))
                .hasMessageContaining("required");
        assertThatThrownBy(
                        () -> JsonPatch.parse("[{\"op\": \"add\", \"path\": \"/users/bob\", \"value\": {\"name\": 5}}]")
                                .applyTo(store))
                .isInstanceOf(GuardException.class);
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aStoreThatWouldStartWithABrokenTreeIsRefused() {
        assertThatThrownBy(() -> Store.options()
                        .guard("users by their schema", KeyPath.of("users"), SchemaGuardTest::isValid)
                        .of(Map.of("users", Map.of("ada", Map.of("age", 36)))))
                .isInstanceOf(GuardException.class)
                .hasMessageContaining("required");
    }
}
