package dev.heartwood.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TwoTurnsAtOnceTest {
    @Test
    void theExampleHasFourQuestionsAndFourAnswers() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        TwoTurnsAtOnce.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(Json.readStore(printed.toString(StandardCharsets.UTF_8))
                        .size(dev.heartwood.KeyPath.of("chats", "kitchen")))
                .isEqualTo(8);
    }
}
