package dev.heartwood.etcd;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.ClusterFixture;
import dev.heartwood.log.testkit.EngineFixture;
import dev.heartwood.log.testkit.MachineNetwork.Machine;
import dev.heartwood.log.testkit.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** etcd servers of the tests, each a cluster of one member or a member of one, which end with this process. */
final class EtcdEngine implements EngineFixture, ClusterFixture {
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
        Path etcd = etcd();
        String peers = "http://127.0.0.1:" + ServerProcess.freePort();
        return ServerProcess.start(
                null,
                (port, folder) -> command(
                        etcd,
                        folder,
                        scheme + "://127.0.0.1:" + port,
                        peers,
                        List.of("--initial-cluster=default=" + peers),
                        settings));
    }

    @Override
    public List<ServerProcess> start(List<Machine> machines) throws Exception {
        Path etcd = etcd();
        String cluster = IntStream.range(0, machines.size())
                .mapToObj(i -> "m" + i + "=" + peers(machines.get(i)))
                .collect(Collectors.joining(","));
        List<ServerProcess> members = new ArrayList<>();
        for (Machine machine : machines) {
            String name = "--name=m" + members.size();
            members.add(ServerProcess.startAt(
                    machine,
                    (port, folder) -> command(
                            etcd,
                            folder,
                            "http://" + machine.address() + ":" + port,
                            peers(machine),
                            List.of(name, "--initial-cluster=" + cluster))));
        }
        for (ServerProcess member : members) {
            awaitReady(member);
        }
        return members;
    }

    private static String peers(Machine machine) {
        return "http://" + machine.address() + ":2380";
    }

    private static Path etcd() {
        return ServerProcess.program("etcd", Path.of("/usr/bin/etcd"));
    }

    private static List<String> command(
            Path etcd, Path folder, String clients, String peers, List<String> cluster, String... settings) {
        List<String> command = new ArrayList<>(List.of(
                etcd.toString(),
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--logger=zap",
                "--log-level=error",
                "--heartbeat-interval=50",
                "--election-timeout=500"));
        command.addAll(cluster);
        command.addAll(List.of(settings));
        return command;
    }

    static URI endpoint(ServerProcess server) {
        return URI.create("http://" + server.host() + ":" + server.port());
    }

    @Override
    public SharedLog connect(String host, int port, String tree) {
        return EtcdStore.options()
                .requestTimeout(Duration.ofSeconds(1))
                .connect(List.of(URI.create("http://" + host + ":" + port)), tree);
    }

    @Override
    public SharedLog connect(List<ServerProcess> members, String tree) {
        return EtcdStore.options()
                .requestTimeout(Duration.ofSeconds(1))
                .connect(members.stream().map(EtcdEngine::endpoint).toList(), tree);
    }
}
