package dev.heartwood.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.log.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that the page of the engines shows to operators. */
class RedisPageTest {
    @Test
    void theCommandsOfThePageShowATree() throws Exception {
        Path ignored = ServerProcess.program("redis-cli");
        List<String> commands = Files.readAllLines(Path.of("..", "docs", "engines.md")).stream()
                .filter(line -> line.startsWith("redis-cli "))
                .toList();
        assertThat(commands).hasSize(3);
        ServerProcess server = RedisEngine.sharedServer();
        try (Store store = RedisStore.open(RedisEngine.address(server), "orders")) {
            store.put("n", 1);
            StringBuilder shown = new StringBuilder();
            for (String command : commands) {
                String here = command.replace("redis-cli ", "redis-cli -p " + server.port() + " ");
                shown.append(ServerProcess.run(null, "/bin/sh", "-c", here));
            }
            // The number of the last entry, its id, the first that is kept; how many are kept; their memory.
            assertThat(shown.toString()).matches("1\\n\\p{XDigit}+:1\\n1\\n1\\n\\d{2,}\\n");
        }
    }
}
