package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitQueueTest {
    private final WaitQueue waiters = new WaitQueue();
    private final AtomicLong told = new AtomicLong();

    @Test
    void eachIsWokenWhenItsOwnTimeHasCome() throws Exception {
        int rounds = 2_000;
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        AtomicInteger early = new AtomicInteger();
        for (int t = 0; t < 4; t++) {
            int first = t;
            threads.add(CompletableFuture.runAsync(() -> {
                for (long mine = first; mine < rounds; mine += 4) {
                    long awaited = mine;
                    waiters.await(() -> told.get() >= awaited);
                    early.addAndGet(told.get() < awaited ? 1 : 0);
                }
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(threads.toArray(new CompletableFuture<?>[0]));
        while (told.get() < rounds) {
            told.incrementAndGet();
            waiters.wake();
            Thread.onSpinWait();
        }
        all.get(60, TimeUnit.SECONDS);
        assertThat(early).hasValue(0);
    }

    @Test
    void oneWakeUpWakesEachWhoseTimeHasCome() throws Exception {
        List<Thread> waiting = new ArrayList<>();
        List<AtomicInteger> asked = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            AtomicInteger count = new AtomicInteger();
            asked.add(count);
            waiting.add(new Thread(() -> waiters.await(() -> {
                boolean isTold = told.get() > 0;
                count.incrementAndGet();
                return isTold;
            })));
        }
        waiting.forEach(Thread::start);
        // Asked for the second time, each is registered.
        while (asked.stream().anyMatch(count -> count.get() < 2)) {
            Thread.sleep(1);
        }
        told.set(1);
        waiters.wake();
        for (Thread thread : waiting) {
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void whatWasSoOnlyForAMomentWakesToo() throws Exception {
        AtomicLong asked = new AtomicLong();
        // So when the news is told, and at no other time: the thread that waits never sees it itself.
        Thread teller = Thread.currentThread();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> waiters.await(() -> {
            asked.incrementAndGet();
            return Thread.currentThread() == teller;
        }));
        while (asked.get() < 2) {
            Thread.sleep(1);
        }
        waiters.wake();
        waiting.get(60, TimeUnit.SECONDS);
    }

    @Test
    void anInterruptNeitherEndsTheWaitingNorIsLost() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        Thread waiting = new Thread(() -> {
            waiters.await(() -> {
                asked.incrementAndGet();
                return told.get() > 0;
            });
            interrupted.set(Thread.currentThread().isInterrupted() ? 1 : -1);
        });
        waiting.start();
        waiting.interrupt();
        while (asked.get() < 3) {
            Thread.sleep(1);
        }
        assertThat(waiting.isAlive()).isTrue();
        told.set(1);
        waiters.wake();
        waiting.join(60_000);
        assertThat(interrupted).hasValue(1);
    }
}
