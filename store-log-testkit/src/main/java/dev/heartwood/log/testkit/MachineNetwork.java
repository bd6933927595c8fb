package dev.heartwood.log.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Machines that reach each other and this one: network namespaces of Linux at one bridge. Packets between any two of them
 * can be lost, one way or both, unnoticed by either end. Needs root, and the program {@code ip}. Not thread-safe.
 */
public final class MachineNetwork implements AutoCloseable {
    /** This machine, as one end of a link. */
    static final int HERE = -1;
    /** No machine has it. */
    private static final String NOBODY = "02:00:00:00:00:99";

    private final String name = "hw" + ProcessHandle.current().pid() % 100_000;
    private final String subnet;
    private final List<Machine> machines = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();

    /**
     * A machine.
     *
     * @param address its address, for all others
     * @param prefix the beginning of the command line of a program that runs there
     */
    public record Machine(String address, List<String> prefix) {
        /** This one. */
        static final Machine THIS = new Machine("127.0.0.1", List.of());

        public Machine {
            prefix = List.copyOf(prefix);
        }
    }

    /** Makes some machines; {@link NetworkNamespace#isPossible} says whether that is possible. */
    static MachineNetwork of(int machines) throws IOException, InterruptedException {
        MachineNetwork network = new MachineNetwork();
        try {
            network.ip("link add " + network.bridge() + " type bridge");
            network.ip("address add " + network.address(HERE) + "/24 dev " + network.bridge());
            network.ip("link set " + network.bridge() + " up");
            for (int i = 0; i < machines; i++) {
                network.add(i);
            }
            return network;
        } catch (IOException | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private MachineNetwork() {
        long process = ProcessHandle.current().pid();
        this.subnet = "10." + (192 + process % 60) + "." + process / 60 % 256 + ".";
    }

    private void add(int machine) throws IOException, InterruptedException {
        ip("netns add " + namespace(machine));
        machines.add(new Machine(address(machine), List.of("ip", "netns", "exec", namespace(machine))));
        ip("link add " + device(machine) + "o type veth peer name " + device(machine) + " netns " + namespace(machine));
        ip("link set " + device(machine) + "o master " + bridge() + " up");
        ip(at(machine) + "address add " + address(machine) + "/24 dev " + device(machine));
        ip(at(machine) + "link set " + device(machine) + " up");
        ip(at(machine) + "link set lo up");
    }

    private String bridge() {
        return name + "b";
    }

    private String namespace(int machine) {
        return name + "m" + machine;
    }

    /** The device through which a machine sends to the others. */
    private String device(int machine) {
        return machine == HERE ? bridge() : namespace(machine);
    }

    private String address(int machine) {
        return subnet + (machine == HERE ? 1 : machine + 2);
    }

    private String at(int machine) {
        return machine == HERE ? "" : "-n " + namespace(machine) + " ";
    }

    private void ip(String words) throws IOException, InterruptedException {
        String ignored = ServerProcess.run(null, ("ip " + words).split(" ", -1));
    }

    List<Machine> machines() {
        return List.copyOf(machines);
    }

    /** Drops all packets of one machine to another from now on. Either may be {@link #HERE}. */
    void lose(int from, int to) throws IOException, InterruptedException {
        String neighbor = " " + address(to) + " ";
        ip(at(from) + "neigh replace" + neighbor + "lladdr " + NOBODY + " dev " + device(from) + " nud permanent");
        lost.add(at(from) + "neigh del" + neighbor + "dev " + device(from));
    }

    /** Nothing is lost from now on. */
    void heal() throws IOException, InterruptedException {
        // The address is found again by an ARP request.
        for (String command : List.copyOf(lost)) {
            ip(command);
            lost.remove(command);
        }
    }

    /** Ends the network. Its machines must run no more programs. */
    @Override
    public void close() throws IOException {
        try {
            // The devices of a namespace are deleted with it.
            for (int i = 0; i < machines.size(); i++) {
                ip("netns del " + namespace(i));
            }
            ip("link del " + bridge());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
