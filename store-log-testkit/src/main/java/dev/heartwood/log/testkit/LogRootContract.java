package dev.heartwood.log.testkit;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.testkit.Hold;
import dev.heartwood.testkit.RootContract;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The promises of a store over a log, as tests: the contract of roots, with small values and frequent checkpoints.
 * Subclass it once for each of the {@link Reads}, implement {@link #connect}, and run. Make {@link LogContract} pass
 * first: a failure there names the fault of an engine, and a failure here only shows that there is one.
 */
public abstract class LogRootContract extends RootContract {
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());

    private final Reads reads;
    private final Map<Root, String> names = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<Root, GatedLog> connections = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * For subclasses.
     *
     * @param reads the state that plain reads show
     */
    protected LogRootContract(Reads reads) {
        this.reads = reads;
    }

    private LogOptions options() {
        return LogStore.options()
                .reads(reads)
                .deadline(deadline())
                .pollInterval(Duration.ofMillis(50))
                .checkpointEvery(20)
                .keepEntries(3);
    }

    /** How long a commit is tried before it is in doubt for good. Default: 1 s; a busy server may want more. */
    protected Duration deadline() {
        return Duration.ofSeconds(1);
    }

    @Override
    public boolean plainReadsAreFresh() {
        return reads == Reads.FRESH;
    }

    /** A new connection to the log of a name, which is made where there is none. The store over it closes it. */
    protected abstract SharedLog connect(String name) throws Exception;

    @Override
    public Root create(Map<String, ? extends @Nullable Object> tree) throws Exception {
        String name = "root" + NAMES.incrementAndGet();
        try (Store store = options().over(connect(name))) {
            store.batch(tx -> tree.forEach(tx::put));
        }
        return open(name);
    }

    private Root open(String name) throws Exception {
        GatedLog connection = new GatedLog(connect(name));
        Root root = options().root(connection);
        names.put(root, name);
        connections.put(root, connection);
        return root;
    }

    @Override
    public Optional<Root> join(Root root) throws Exception {
        return Optional.of(open(nameOf(root)));
    }

    @Override
    public Optional<Root> reopen(Root root) throws Exception {
        return join(root);
    }

    private String nameOf(Root root) {
        String name = names.get(root);
        if (name == null) {
            throw new IllegalArgumentException("expected a root that this suite has opened, not " + root);
        }
        return name;
    }

    private GatedLog connectionOf(Root root) {
        GatedLog connection = connections.get(root);
        if (connection == null) {
            throw new IllegalArgumentException("expected a root that this suite has opened, not " + root);
        }
        return connection;
    }

    @Override
    public boolean doubtNextCommit(Root root) {
        connectionOf(root).doubtNext();
        return true;
    }

    @Override
    public Optional<Hold> hold(Root root) {
        GatedLog connection = connectionOf(root);
        connection.hold();
        return Optional.of(new Hold() {
            @Override
            public void release() {
                connection.release();
            }

            @Override
            public boolean takeBack() {
                // Another process commits first; it leaves the tree as it was.
                try (Store rival = options().over(connect(nameOf(root)))) {
                    rival.put("rival", 1);
                    rival.remove("rival");
                } catch (Exception e) {
                    throw new AssertionError("the rival cannot commit", e);
                }
                release();
                // Both of its commits have arrived: one that arrived later would revert the next commit of the test.
                root.fresh();
                return true;
            }
        });
    }
}
