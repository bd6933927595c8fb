package dev.heartwood.log.testkit;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.log.InMemoryLog;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.Reads;
import dev.heartwood.testkit.Hold;
import dev.heartwood.testkit.RootContract;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** The contract of roots on a log in memory, with small values and frequent checkpoints. */
abstract class LogRootContract extends RootContract {
    private static final int LARGEST_VALUE = 1_000;

    private final LogOptions options;
    private final IdentityHashMap<Root, InMemoryLog> logs = new IdentityHashMap<>();
    private final IdentityHashMap<Root, GatedLog> connections = new IdentityHashMap<>();

    LogRootContract(Reads reads) {
        this.options = LogStore.options()
                .reads(reads)
                .deadline(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .checkpointEvery(20)
                .keepEntries(3);
    }

    @Override
    public Root create(Map<String, ?> tree) {
        InMemoryLog log = new InMemoryLog(LARGEST_VALUE);
        try (Store store = options.over(log.connect())) {
            store.batch(tx -> tree.forEach(tx::put));
        }
        return open(log);
    }

    private Root open(InMemoryLog log) {
        GatedLog connection = new GatedLog(log.connect());
        Root root = options.root(connection);
        logs.put(root, log);
        connections.put(root, connection);
        return root;
    }

    @Override
    public Optional<Root> join(Root root) {
        return Optional.of(open(logs.get(root)));
    }

    @Override
    public Optional<Root> reopen(Root root) {
        return join(root);
    }

    @Override
    public boolean doubtNextCommit(Root root) {
        connections.get(root).doubtNext();
        return true;
    }

    @Override
    public Optional<Hold> hold(Root root) {
        GatedLog connection = connections.get(root);
        connection.hold();
        return Optional.of(new Hold() {
            @Override
            public void release() {
                connection.release();
            }

            @Override
            public boolean takeBack() {
                // Another process commits first; what it leaves is the tree that was there.
                try (Store rival = options.over(logs.get(root).connect())) {
                    rival.put("rival", 1);
                    rival.remove("rival");
                }
                release();
                // Both of its commits are known: one that came later would take back what the test commits next.
                root.fresh();
                return true;
            }
        });
    }
}
