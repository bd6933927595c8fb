package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TwoTurnsAtOnceTest {
    @Test
    void theExampleHasTwoQuestionsTwoAnswersAndTheStateOfTheUser() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        TwoTurnsAtOnce.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        Store store = Json.readStore(printed.toString(StandardCharsets.UTF_8));
        assertThat(store.size(KeyPath.parse("/sessions/kitchen/users/family/sessions/today/events")))
                .isEqualTo(4);
        assertThat(store.get(KeyPath.parse("/sessions/kitchen/users/family/state/answer"), String.class))
                .startsWith("I see");
    }
}
