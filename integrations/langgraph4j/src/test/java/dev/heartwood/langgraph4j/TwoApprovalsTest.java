package dev.heartwood.langgraph4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TwoApprovalsTest {
    @Test
    void theExamplePublishesWithBothApprovals() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        TwoApprovals.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("ann", "bob", "published=true");
    }
}
