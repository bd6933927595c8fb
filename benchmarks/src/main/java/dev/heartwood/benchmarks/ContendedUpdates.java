package dev.heartwood.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * How many updates a second several threads make in all: each of a counter of its own, or all of one; alone, or with a thread
 * beside them that reads without a pause. The peers take turns, for {@value #ROUNDS} rounds.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.ContendedUpdates [THREADS]}. By default it goes up to
 * eight threads, or as many as the machine has processors where these are more: this is the command with which to measure a
 * machine of 16 or 64 of them.
 */
public final class ContendedUpdates {
    private static final int ROUNDS = 5;
    private static final int MILLIS = 1_000;
    private static final List<String> PEERS = List.of("heartwood", "naive", "lock", "chm");

    private ContendedUpdates() {}

    /** Prints a line for each case. */
    public static void main(String[] args) throws InterruptedException {
        int most = args.length > 0
                ? Integer.parseInt(args[0])
                : Math.max(8, Runtime.getRuntime().availableProcessors());
        List<Integer> counts = IntStream.iterate(1, threads -> threads <= most, threads -> 2 * threads)
                .boxed()
                .toList();
        // Each peer is compiled for the calls of one thread and of several before anything counts.
        for (String peer : PEERS) {
            double ignored = measure(peer, 2, true, true) + measure(peer, 2, false, true);
        }
        for (boolean own : new boolean[] {true, false}) {
            for (boolean read : new boolean[] {false, true}) {
                for (int threads : counts) {
                    String what = (own ? "counters of their own" : "one counter") + (read ? ", a reader beside" : "")
                            + ", threads: " + threads;
                    for (int round = 0; round < ROUNDS; round++) {
                        for (String peer : PEERS) {
                            double updates = measure(peer, threads, own, read);
                            Figures.add("contention", what, peer, updates, "million updates a second");
                            System.out.printf(Locale.ROOT, "%-55s %-10s %6.2f million a second%n", what, peer, updates);
                        }
                    }
                }
            }
        }
    }

    private static double measure(String name, int threads, boolean own, boolean read) throws InterruptedException {
        Peer peer = Peer.of(name, new Shape(3));
        CountDownLatch start = new CountDownLatch(1);
        long[] done = new long[threads];
        List<Thread> all = new ArrayList<>();
        long[] end = new long[1];
        for (int i = 0; i < threads; i++) {
            int mine = i;
            int path = own ? i % Shape.COUNTERS : 0;
            all.add(new Thread(() -> {
                await(start);
                long count = 0;
                while (System.nanoTime() < end[0]) {
                    for (int times = 0; times < 32; times++) {
                        long ignored = peer.update(path);
                    }
                    count += 32;
                }
                done[mine] = count;
            }));
        }
        Thread reader = new Thread(() -> {
            await(start);
            while (System.nanoTime() < end[0]) {
                for (int times = 0; times < 32; times++) {
                    long ignored = peer.get(ThreadLocalRandom.current().nextInt(Shape.COUNTERS));
                }
            }
        });
        if (read) {
            all.add(reader);
        }
        all.forEach(Thread::start);
        long begin = System.nanoTime();
        end[0] = begin + MILLIS * 1_000_000L;
        // Written before the latch opens, so every thread reads the end that it is to keep.
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        long sum = 0;
        for (long each : done) {
            sum += each;
        }
        return sum * 1e3 / (System.nanoTime() - begin);
    }

    private static void await(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("a benchmark's thread was interrupted", e);
        }
    }
}
