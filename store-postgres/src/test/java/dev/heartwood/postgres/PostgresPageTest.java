package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.log.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that the page of the engines shows to operators. */
class PostgresPageTest {
    @Test
    void theCommandsOfThePageShowATree() throws Exception {
        Path ignored = ServerProcess.program("psql");
        List<String> commands = Files.readAllLines(Path.of("..", "docs", "engines.md")).stream()
                .filter(line -> line.startsWith("psql "))
                .toList();
        assertThat(commands).hasSize(3);
        ServerProcess server = PostgresEngine.shared();
        try (Store store = PostgresStore.open(PostgresEngine.url(server.port()), "orders")) {
            store.put("n", 1);
            String client = "psql -h 127.0.0.1 -p " + server.port() + " -U postgres -d postgres ";
            StringBuilder shown = new StringBuilder();
            for (String command : commands) {
                shown.append(ServerProcess.run(null, "/bin/sh", "-c", command.replaceFirst("psql ", client)));
            }
            assertThat(shown).containsPattern("orders +\\| +1\n").contains("{\"put\":\"/n\"", "kB");
        }
    }
}
