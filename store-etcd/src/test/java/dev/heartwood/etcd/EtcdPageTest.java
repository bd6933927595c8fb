package dev.heartwood.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.log.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that the page of the engines shows to operators. */
class EtcdPageTest {
    @Test
    void theCommandsOfThePageShowATree() throws Exception {
        Path ignored = ServerProcess.program("etcdctl");
        List<String> commands = Files.readAllLines(Path.of("..", "docs", "engines.md")).stream()
                .filter(line -> line.startsWith("etcdctl "))
                .toList();
        assertThat(commands).hasSize(3);
        try (Store store = EtcdStore.open(EtcdEngine.endpoint(EtcdEngine.sharedServer()), "orders")) {
            store.put("n", 1);
            String client = "ETCDCTL_API=3 etcdctl --endpoints=" + EtcdEngine.endpoint(EtcdEngine.sharedServer()) + " ";
            StringBuilder shown = new StringBuilder();
            for (String command : commands) {
                shown.append(ServerProcess.run(null, "/bin/sh", "-c", command.replace("etcdctl ", client)));
            }
            assertThat(shown)
                    .contains("heartwood/orders/head\n1 ", "heartwood/orders/log/0000000000000000001", "DB SIZE");
            ServerProcess.run(null, "/bin/sh", "-c", client + "role add app");
            String right = "role grant-permission app readwrite --prefix heartwood/";
            assertThat(Files.readString(Path.of("..", "docs", "engines.md"))).contains("etcdctl " + right);
            ServerProcess.run(null, "/bin/sh", "-c", client + right);
        }
    }
}
