package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentsOnOneContextTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void allSumsAreRightOnTheDefaultDocument() throws Exception {
        Path result = directory.resolve("result.json");

        boolean right = AgentsOnOneContext.run(null, 0.5, result, out);

        assertThat(right).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(Json.readStore(Files.readString(result)).keys())
                .containsExactlyInAnyOrder("accounts", "agents", "document");
    }

    @Test
    void anyJsonValueIsADocument() throws Exception {
        Path document = Files.writeString(directory.resolve("list.json"), "[1, {\"a\": []}, null]");

        assertThat(AgentsOnOneContext.run(document, 0.1, directory.resolve("result.json"), out))
                .isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("list.json, 3 leaves");
    }

    @Test
    void aBrokenDocumentIsRefusedWithItsNameAndLine() throws Exception {
        Path document = Files.writeString(directory.resolve("broken.json"), "{\n  \"a\": 1,\n  \"a\": 2\n}");

        assertThatThrownBy(() -> AgentsOnOneContext.run(document, 0.1, directory.resolve("result.json"), out))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("broken.json")
                .hasMessageContaining("line 3");
    }

    @Test
    void aMissingDocumentIsSaidToBeMissing() {
        assertThatThrownBy(() ->
                        AgentsOnOneContext.run(directory.resolve("none.json"), 0.1, directory.resolve("r.json"), out))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("none.json");
    }
}
