package dev.heartwood.log.testkit;

import dev.heartwood.log.SharedLog;
import java.util.List;

/** Gives {@link ClusterFaultsContract} an engine whose servers are the members of a cluster. */
public interface ClusterFixture {
    /**
     * Starts a member with no data on each machine, and waits until the cluster takes requests; skips the test, with a word,
     * if the program is not on this machine.
     */
    List<ServerProcess> start(List<MachineNetwork.Machine> machines) throws Exception;

    /**
     * A connection to the log of a tree, which begins with the first member, and goes to the next when one fails. Requests
     * time out after about a second, so that the suite need not wait long.
     */
    SharedLog connect(List<ServerProcess> members, String tree);
}
