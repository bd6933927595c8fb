package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AtomicallyTest {
    private static void halfDone(Transaction tx) {
        tx.set("a", 2);
        tx.put("new", List.of(1));
        throw new IllegalStateException("half done");
    }

    @Test
    void onAStoreItIsABatch() {
        Store store = Store.of(Map.of("a", 1));
        assertThatThrownBy(() -> store.atomically(AtomicallyTest::halfDone)).hasMessage("half done");
        assertThat(store.toMap()).isEqualTo(Map.of("a", 1L));
        store.atomically(tx -> tx.increment("a"));
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void inABatchThatGoesOnNothingOfItStays() {
        Store store = Store.of(Map.of("a", 1));
        List<String> ran = new ArrayList<>();
        Commit commit = store.batch(tx -> {
            tx.afterCommit(() -> ran.add("outer"));
            tx.put("before", true);
            assertThatThrownBy(() -> tx.atomically(part -> {
                        part.afterCommit(() -> ran.add("inner"));
                        halfDone(part);
                    }))
                    .hasMessage("half done");
            tx.put("after", tx.get("a"));
        });
        assertThat(store.toMap()).isEqualTo(Map.of("a", 1L, "before", true, "after", 1L));
        assertThat(commit.changed()).isTrue();
        assertThat(ran).containsExactly("outer");
    }

    @Test
    void whatIsReadAfterItWasTakenBackIsHeldValid() {
        Store store = Store.of(Map.of("a", 1));
        AtomicInteger runs = new AtomicInteger();
        store.batch(tx -> {
            assertThatThrownBy(() -> tx.atomically(AtomicallyTest::halfDone)).hasMessage("half done");
            Object seen = tx.get("a");
            if (runs.incrementAndGet() == 1) {
                inAnotherThread(() -> store.put("a", 10));
            }
            tx.put("copy", seen);
        });
        assertThat(runs).hasValue(2);
        assertThat(store.get("copy")).isEqualTo(10L);
    }

    @Test
    void aPartThatWasTakenBackIsNoChange() {
        Store store = Store.of(Map.of("a", 1, "b", 1));
        Commit commit = store.batch(tx -> {
            tx.put("a", 2);
            tx.put("a", 1);
            assertThatThrownBy(() -> tx.atomically(part -> {
                        part.put("b", 5);
                        throw new IllegalStateException("half done");
                    }))
                    .hasMessage("half done");
        });
        assertThat(commit.changed()).isFalse();
        assertThat(store.version()).isZero();
    }

    @Test
    void nothingStaysAfterACheckedExceptionThatWasNotDeclaredEither() {
        Store store = Store.of(Map.of("a", 0));
        store.batch(tx -> assertThatThrownBy(() -> tx.atomically(part -> {
                    part.put("a", 1);
                    throw Exceptions.rethrow(new IOException("half done"));
                }))
                .isInstanceOf(IOException.class));
        assertThat(store.get("a")).isEqualTo(0L);
    }

    private static void inAnotherThread(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
