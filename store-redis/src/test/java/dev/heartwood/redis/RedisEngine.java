package dev.heartwood.redis;

import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.EngineFixture;
import dev.heartwood.log.testkit.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Redis servers of the tests, which end with this process. */
final class RedisEngine implements EngineFixture {
    private static @Nullable ServerProcess shared;

    /** A connection to the server that all tests use which do it no harm. */
    static synchronized SharedLog shared(String tree) throws Exception {
        return RedisStore.options().connect(address(sharedServer()), tree);
    }

    static synchronized ServerProcess sharedServer() throws Exception {
        ServerProcess server = shared;
        if (server == null) {
            server = new RedisEngine().start();
            shared = server;
        }
        return server;
    }

    @Override
    public ServerProcess start() throws Exception {
        return start("--appendonly", "yes", "--appendfsync", "always", "--save", "");
    }

    /** A server with these settings beside its port and its folder. */
    static ServerProcess start(String... settings) throws Exception {
        Path redis = ServerProcess.program("redis-server", Path.of("/usr/bin/redis-server"));
        return ServerProcess.start(null, (port, folder) -> {
            List<String> command = new ArrayList<>(List.of(
                    redis.toString(),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    folder.toString(),
                    "--repl-diskless-sync-delay",
                    "0",
                    "--maxmemory-policy",
                    "noeviction"));
            List<String> all = List.of(settings);
            if (!all.contains("--port")) {
                command.addAll(List.of("--port", Integer.toString(port)));
            }
            all.forEach(setting -> command.add(setting.replace("%PORT%", Integer.toString(port))));
            return command;
        });
    }

    static URI address(ServerProcess server) {
        return URI.create("redis://127.0.0.1:" + server.port());
    }

    @Override
    public SharedLog connect(String host, int port, String tree) {
        return RedisStore.options()
                .requestTimeout(Duration.ofSeconds(1))
                .connect(URI.create("redis://" + host + ":" + port), tree);
    }
}
