package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongWriteTest {
    @TempDir
    Path folder;

    @Test
    void theAgentThatWroteTheWrongBalanceIsFound() throws Exception {
        assertThat(WrongWrite.find(folder))
                .startsWith("billing \"monthly bill\": ")
                .endsWith(" -> -800");
        assertThat(folder.resolve("report.html")).exists();
        assertThat(folder.resolve("history.jsonl")).content().contains("\"author\":\"billing\"");
    }
}
