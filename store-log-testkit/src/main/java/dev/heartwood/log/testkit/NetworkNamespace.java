package dev.heartwood.log.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of Linux: processes in it are as on another machine. Packets between it and this machine can be
 * lost, one way or both, unnoticed by either end. Needs root, and the program {@code ip}.
 */
final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** No machine has it. */
    private static final String NOBODY = "02:00:00:00:00:99";

    private final String name;
    private final String outside;
    private final String inside;
    private final String host;
    private final String guest;
    private boolean losesRequests;
    private boolean losesAnswers;

    private NetworkNamespace() throws IOException, InterruptedException {
        int number = COUNT.incrementAndGet();
        long process = ProcessHandle.current().pid();
        this.name = "hw" + process % 100_000 + "n" + number;
        this.outside = name + "o";
        this.inside = name + "i";
        String subnet = "10." + (64 + process % 128) + "." + number % 256 + ".";
        this.host = subnet + "1";
        this.guest = subnet + "2";
        ip("netns add " + name);
        ip("link add " + outside + " type veth peer name " + inside + " netns " + name);
        ip("address add " + host + "/30 dev " + outside);
        ip("link set " + outside + " up");
        ip("-n " + name + " address add " + guest + "/30 dev " + inside);
        ip("-n " + name + " link set " + inside + " up");
        ip("-n " + name + " link set lo up");
    }

    /** Whether this process may make namespaces; if not, that is printed. */
    static boolean isPossible() {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        try (NetworkNamespace tried = isRoot ? create() : null) {
            if (tried != null) {
                return true;
            }
        } catch (IOException | IllegalStateException | InterruptedException e) {
            System.out.println("no network namespace can be made: " + e.getMessage());
        }
        System.out.println("SKIPPED: faults of a network between machines need root and the program ip");
        return false;
    }

    static NetworkNamespace create() throws IOException, InterruptedException {
        return new NetworkNamespace();
    }

    private static void ip(String words) throws IOException, InterruptedException {
        String ignored = ServerProcess.run(null, ("ip " + words).split(" ", -1));
    }

    /** The address of this machine for processes in the namespace. */
    InetAddress host() throws IOException {
        return InetAddress.getByName(host);
    }

    /** The beginning of the command line of a process in the namespace. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Drops all packets from the processes from now on. */
    void loseRequests() throws IOException, InterruptedException {
        ip("-n " + name + " neigh replace " + host + " lladdr " + NOBODY + " dev " + inside + " nud permanent");
        losesRequests = true;
    }

    /** Drops all packets to the processes from now on. */
    void loseAnswers() throws IOException, InterruptedException {
        ip("neigh replace " + guest + " lladdr " + NOBODY + " dev " + outside + " nud permanent");
        losesAnswers = true;
    }

    /** Nothing is lost from now on. */
    void heal() throws IOException, InterruptedException {
        // The address is found again by an ARP request.
        if (losesRequests) {
            ip("-n " + name + " neigh del " + host + " dev " + inside);
        }
        if (losesAnswers) {
            ip("neigh del " + guest + " dev " + outside);
        }
        losesRequests = false;
        losesAnswers = false;
    }

    @Override
    public void close() throws IOException {
        try {
            ip("link del " + outside);
            ip("netns del " + name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
