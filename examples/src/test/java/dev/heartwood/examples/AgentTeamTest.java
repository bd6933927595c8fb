package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTeamTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void eachQuestionHasOneAnswerAndTheBudgetIsNotOverspent() throws Exception {
        List<String> questions =
                IntStream.range(0, 40).mapToObj(i -> "Question " + i + "?").toList();

        Store store = new AgentTeam(questions)
                .run(new PrintStream(printed, true, StandardCharsets.UTF_8), folder.resolve("page.html"));

        assertThat(store.keys("report")).containsExactlyInAnyOrderElementsOf(questions);
        assertThat(store.get("budget")).isEqualTo(10L); // six searches, and none of the seventh
        assertThat(store.getMap("report").values())
                .filteredOn(answer -> answer.toString().contains("found out"))
                .hasSize(6);
        assertThat(jobsOf(store, "Rosa", "Ravi", "Ruth")).isEqualTo(40);
        assertThat(jobsOf(store, "Wim", "Wen")).isEqualTo(40);
        assertThat(jobsOf(store, "Cleo", "Carl")).isEqualTo(40);
        assertThat(folder.resolve("page.html")).isNotEmptyFile();
    }

    @Test
    void theOutputSaysWhoSpentTheBudget() throws Exception {
        new AgentTeam(List.of("Why?"))
                .run(new PrintStream(printed, true, StandardCharsets.UTF_8), folder.resolve("page.html"));

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsPattern("Why\\? Somebody found out, as we know\\.  \\((Cleo|Carl)\\)")
                .containsPattern("100 -> 85  (Rosa|Ravi|Ruth), search: Why\\?");
    }

    private static long jobsOf(Store store, String... names) {
        long jobs = 0;
        for (String name : names) {
            jobs += store.getOrDefault(KeyPath.of("scratchpads", name, "jobs"), Long.class, 0L);
        }
        return jobs;
    }
}
