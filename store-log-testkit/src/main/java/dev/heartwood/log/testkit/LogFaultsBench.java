package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.CommitOutcome;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A server for a class of tests, a tree and a network for each test, and helper methods to cause faults. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LogFaultsBench {
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Such tests take many seconds each, and run with {@code -Dheartwood.long=true}. */
    static final String LONG = "heartwood.long";

    static final String TRUE = "true";

    final EngineFixture fixture;
    private final List<AutoCloseable> open = new ArrayList<>();
    String tree = "";
    ServerProcess server;
    TcpProxy network;

    LogFaultsBench(EngineFixture fixture) {
        this.fixture = fixture;
    }

    /** A server that no other class uses. */
    @BeforeAll
    final void startServer() throws Exception {
        server = fixture.start();
    }

    /** Ends the server. */
    @AfterAll
    final void endServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** A tree that no other test uses, and a network to the server. */
    @BeforeEach
    final void openNetwork() throws Exception {
        tree = "faults" + NAMES.incrementAndGet();
        network = closing(new TcpProxy(server.port()));
    }

    /** Closes all resources that the test has opened, the last first, and heals the server for the next test. */
    @AfterEach
    final void closeAll() throws Exception {
        server.resume();
        network.heal();
        Collections.reverse(open);
        for (AutoCloseable each : open) {
            each.close();
        }
        open.clear();
        server.start();
    }

    final <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    final Store near() {
        return closing(LogWorker.OPTIONS.over(fixture.connect(server.port(), tree)));
    }

    final Store far() {
        return closing(LogWorker.OPTIONS.over(fixture.connect(network.port(), tree)));
    }

    static final class Pool implements AutoCloseable {
        final ExecutorService threads = Executors.newCachedThreadPool();

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    /** Makes a commit, and returns whether it was made; if it is indeterminate, asks until the outcome is known. */
    static boolean isMade(Store store, Runnable commit) {
        try {
            commit.run();
            return true;
        } catch (IndeterminateCommitException doubt) {
            for (; ; ) {
                try {
                    CommitOutcome outcome = store.outcomeOf(doubt);
                    assertThat(outcome).isNotEqualTo(CommitOutcome.UNKNOWN);
                    return outcome == CommitOutcome.COMMITTED;
                } catch (StoreIOException e) {
                    // The log does not answer yet.
                }
            }
        } catch (StoreIOException e) {
            return false;
        }
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void awaitTrue(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it does not come true").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
