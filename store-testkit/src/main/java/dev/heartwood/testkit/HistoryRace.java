package dev.heartwood.testkit;

import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Random programs that race each other through the stores over one storage, and are recorded. */
final class HistoryRace {
    private static final int THREADS = 4;
    private static final int CALLS = 25;
    private static final int STEP_MILLIS = 15;

    private final RootFixture fixture;
    private final long seed;
    private final Root root;
    private final List<Store> stores;
    private final RecordedHistory history;

    private HistoryRace(RootFixture fixture, long seed, Root root, List<Store> stores, Duration patience) {
        this.fixture = fixture;
        this.seed = seed;
        this.root = root;
        this.stores = stores;
        this.history = new RecordedHistory(patience);
    }

    /**
     * Runs a race, and checks its history.
     *
     * @param seed makes the programs, and not the order in which the threads run
     * @param patience for how long a program may wait for others
     * @return why the history cannot be explained; empty if it can
     */
    static Optional<String> run(RootFixture fixture, long seed, Duration patience) throws Exception {
        return run(fixture, seed, patience, HistoryRace::race);
    }

    /**
     * Runs a short race that ends with a rollback, and checks its history. Programs wait for a commit that is accepted
     * and not yet durable; that commit is rolled back for good, and no thread commits at that place afterwards. In
     * {@link #run} some thread always commits there later, which hides a missed wake-up.
     */
    static Optional<String> endingWithARollback(RootFixture fixture, long seed, Duration patience) throws Exception {
        return run(fixture, seed, patience, HistoryRace::rollBackAtTheEnd);
    }

    private interface Course {
        void run(HistoryRace race) throws Exception;
    }

    private static Optional<String> run(RootFixture fixture, long seed, Duration patience, Course course)
            throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            Root root = opened(open, fixture.create(HistoryModel.tree()));
            List<Store> stores = new ArrayList<>(List.of(opened(open, guarded(root))));
            Optional<Root> other = fixture.join(root);
            if (other.isPresent()) {
                stores.add(opened(open, guarded(opened(open, other.get()))));
            }
            HistoryRace race = new HistoryRace(fixture, seed, root, stores, patience);
            course.run(race);
            return race.fault();
        } finally {
            for (int i = open.size() - 1; i >= 0; i--) {
                open.get(i).close();
            }
        }
    }

    private static <T extends AutoCloseable> T opened(List<AutoCloseable> open, T resource) {
        open.add(resource);
        return resource;
    }

    static Store guarded(Root root) {
        return Store.options()
                .guard(
                        "sum",
                        KeyPath.of("g"),
                        view -> view.get(KeyPath.of("g", "a"), Long.class) + view.get(KeyPath.of("g", "b"), Long.class)
                                >= HistoryModel.LEAST_SUM)
                .over(root);
    }

    private void race() {
        CountDownLatch working = new CountDownLatch(THREADS);
        Crew crew = new Crew();
        for (int i = 0; i < THREADS; i++) {
            int index = i;
            crew.start(() -> {
                try {
                    work(index % stores.size(), new Random(seed * 31 + index));
                } finally {
                    working.countDown();
                }
            });
        }
        crew.start(() -> {
            Random random = new Random(seed);
            while (working.getCount() > 0) {
                disturb(random);
                history.batch(0, stores.get(0), HistoryProgram.waking());
                Thread.sleep(2);
            }
        });
        crew.join();
    }

    /**
     * The first leaves nothing to wait for; the second has read that, so that it gives up when both are rolled back;
     * the third has seen the write of the second one. The first commits again, which changes none of this.
     */
    private void rollBackAtTheEnd() throws Exception {
        Store store = stores.get(0);
        Hold hold = fixture.hold(root).orElseThrow();
        Crew crew = new Crew();
        crew.start(() -> history.batch(0, store, HistoryProgram.waking()));
        Thread.sleep(STEP_MILLIS);
        crew.start(() -> history.hurriedBatch(0, store, HistoryProgram.spoiling()));
        Thread.sleep(STEP_MILLIS);
        crew.start(() -> history.batch(0, store, HistoryProgram.waitingForTheSpoiled()));
        Thread.sleep(STEP_MILLIS);
        if (!hold.takeBack()) {
            throw new AssertionError("a root that cannot roll back");
        }
        crew.join();
    }

    private Optional<String> fault() {
        return HistoryChecker.fault(
                history.calls(),
                fixture.plainReadsAreFresh(),
                contents(stores.get(0).fresh()));
    }

    private void work(int index, Random random) throws InterruptedException {
        Store store = stores.get(index);
        for (int i = 0; i < CALLS; i++) {
            switch (random.nextInt(5)) {
                case 0 -> history.read(index, store, HistoryProgram.reading(random));
                case 1 -> history.batch(index, store, HistoryProgram.quiet(random));
                case 2 -> history.hurriedBatch(index, store, HistoryProgram.writing(random));
                default -> history.batch(index, store, HistoryProgram.writing(random));
            }
        }
    }

    /** Holds the storage up for a moment; the commits that it has accepted meanwhile are rolled back at times. */
    private void disturb(Random random) throws InterruptedException {
        Optional<Hold> hold = fixture.hold(root);
        if (hold.isPresent()) {
            Thread.sleep(1 + random.nextInt(3));
            if (!fixture.rollsBackUnnoticed()
                    || random.nextBoolean()
                    || !hold.get().takeBack()) {
                hold.get().release();
            }
        }
    }

    static Map<String, Long> contents(TreeView tree) {
        Map<String, Long> contents = new TreeMap<>();
        tree.leaves(KeyPath.root()).forEach(leaf -> {
            String place = leaf.getKey().toString();
            if (leaf.getValue() instanceof Long number && !place.equals("/count") && !place.startsWith("/l/")) {
                contents.put(place, number);
            }
        });
        contents.put("/l", (long) tree.size("l"));
        return contents;
    }
}
