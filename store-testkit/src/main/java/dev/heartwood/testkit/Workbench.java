package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Tools for the tests of the contract. */
interface Workbench extends RootFixture {
    /** Much longer than any operation here takes. */
    long PATIENCE_SECONDS = 60;

    /** A root that is closed when the test is over. */
    Root root(Map<String, ? extends @Nullable Object> tree) throws Exception;

    /** The store over a root, closed when the test is over. */
    Store store(Root root);

    /** Closes the resource when the test is over. */
    <T extends AutoCloseable> T closing(T resource);

    /** Returns the requested ability of a root, or skips the test. */
    default <T> T orSkip(Optional<T> ability, String what) {
        Assumptions.assumeTrue(ability.isPresent(), "this root cannot " + what);
        return ability.orElseThrow();
    }

    /** A state on top of {@code before} that could be next: with another value at a key of the top level. */
    default Snapshot on(Root root, Snapshot before, String key, Object value) {
        return root.timeline().state(root.nextVersion(before), before.root().put(key, value));
    }

    /** Offers {@code after} to the root; it differs from {@code before} by the value at the key. */
    default boolean offer(Root root, Snapshot before, Snapshot after, String key) {
        return root.compareAndSet(
                before,
                after,
                () -> List.of(
                        new Edit.Put(KeyPath.of(key), after.root().get(key).get())));
    }

    /** Commits a value at a key of the top level, despite concurrent commits; returns the accepted state. */
    default Snapshot commit(Root root, String key, Object value) {
        for (; ; ) {
            Snapshot before = root.head();
            Snapshot after = on(root, before, key, value);
            if (offer(root, before, after, key)) {
                return after;
            }
        }
    }

    /** Waits for a condition that must come true. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("still not so after " + PATIENCE_SECONDS + " s: " + what);
            }
            Thread.sleep(1);
        }
    }

    /** Gives the other threads the time to break a promise. */
    static void grace() throws InterruptedException {
        Thread.sleep(50);
    }

    /** The counter at a key. */
    static long count(dev.heartwood.TreeView tree, String key) {
        Long count = tree.get(key, Long.class);
        assertThat(count).isNotNull();
        return count;
    }

    /** Takes a job from the list at {@code jobs}, and notes it at {@code taken}; sleeps while there is none. */
    static void take(Store store) throws Exception {
        String job = store.awaitTransact(
                tx -> {
                    tx.check(tx.size("jobs") > 0);
                    String first = (String) tx.remove(KeyPath.of("jobs", 0));
                    assertThat(tx.init(KeyPath.of("taken", String.valueOf(first)), true))
                            .isTrue();
                    return String.valueOf(first);
                },
                Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(job).startsWith("job ");
    }
}
