package dev.heartwood.etcd;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.EngineFixture;
import dev.heartwood.log.testkit.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** etcd servers of the tests, each a cluster of one member, which end with this process. */
final class EtcdEngine implements EngineFixture {
    private static @Nullable ServerProcess shared;

    /** A connection to the server that all tests use which do it no harm. */
    static SharedLog shared(String tree) throws Exception {
        return EtcdStore.options().connect(List.of(endpoint(sharedServer())), tree);
    }

    static synchronized ServerProcess sharedServer() throws Exception {
        ServerProcess server = shared;
        if (server == null) {
            server = new EtcdEngine().start();
            shared = server;
        }
        return server;
    }

    @Override
    public ServerProcess start() throws Exception {
        ServerProcess server = start("http");
        awaitReady(server);
        return server;
    }

    /** A server takes connections before it has a leader. */
    static void awaitReady(ServerProcess server) throws Exception {
        awaitReady(server, EtcdStore.options(), endpoint(server));
    }

    static void awaitReady(ServerProcess server, EtcdOptions options, URI endpoint) throws Exception {
        server.awaitTrue(() -> {
            try (SharedLog log = options.connect(List.of(endpoint), "ready")) {
                return log.last().number() >= 0;
            } catch (LogException e) {
                return false;
            }
        });
    }

    /** A server with these settings beside its addresses and its folder. */
    static ServerProcess start(String scheme, String... settings) throws Exception {
        Path etcd = ServerProcess.program("etcd", Path.of("/usr/bin/etcd"));
        int peer = ServerProcess.freePort();
        return ServerProcess.start(null, (port, folder) -> {
            String client = scheme + "://127.0.0.1:" + port;
            String peers = "http://127.0.0.1:" + peer;
            List<String> command = new ArrayList<>(List.of(
                    etcd.toString(),
                    "--data-dir=" + folder.resolve("data"),
                    "--listen-client-urls=" + client,
                    "--advertise-client-urls=" + client,
                    "--listen-peer-urls=" + peers,
                    "--initial-advertise-peer-urls=" + peers,
                    "--initial-cluster=default=" + peers,
                    "--logger=zap",
                    "--log-level=error",
                    "--heartbeat-interval=50",
                    "--election-timeout=500"));
            command.addAll(List.of(settings));
            return command;
        });
    }

    static URI endpoint(ServerProcess server) {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public SharedLog connect(String host, int port, String tree) {
        return EtcdStore.options()
                .requestTimeout(Duration.ofSeconds(1))
                .connect(List.of(URI.create("http://" + host + ":" + port)), tree);
    }
}
