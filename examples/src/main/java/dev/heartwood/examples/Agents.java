package dev.heartwood.examples;

import dev.heartwood.Commit;
import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The eight agents. Two count, one keeps a log and annotates the document, two think slowly, two move credits between
 * accounts, and one audits all accounts in a long batch while they do.
 */
final class Agents {
    private static final KeyPath HITS = KeyPath.of("agents", "hits");
    private static final KeyPath LOG = KeyPath.of("agents", "log");
    private static final KeyPath AUDITS = KeyPath.of("agents", "audits");
    private static final KeyPath NOTES = KeyPath.of("agents", "notes");
    private static final int ACCOUNTS = 100;
    private static final long CREDIT = 1_000;
    private static final int MOST_NOTES = 12;

    private final Store store;
    private final List<KeyPath> leaves;
    private final LongAdder hits = new LongAdder();
    private final LongAdder logged = new LongAdder();
    private final LongAdder wrongAudits = new LongAdder();
    private final AtomicLong seen = new AtomicLong();

    /** For each kind of function, the number of its successes and of its runs. */
    final Effort thoughts = new Effort();

    final Effort transfers = new Effort();
    final Effort audits = new Effort();

    Agents(Store store) {
        this.store = store;
        this.leaves =
                store.leaves("document").limit(100_000).map(Map.Entry::getKey).toList();
        store.batch(tx -> {
            tx.put("agents", Map.of("hits", 0, "audits", 0, "log", List.of(), "thoughts", List.of(0, 0)));
            for (int i = 0; i < ACCOUNTS; i++) {
                tx.put(account(i), CREDIT);
            }
        });
    }

    /** Works for the given time, and reports the progress twice a second. */
    void work(double seconds, Progress progress) throws InterruptedException {
        List<Agent> agents = List.of(
                new Agent("counter 1", this::count),
                new Agent("counter 2", this::count),
                new Agent("writer", this::write),
                new Agent("thinker 1", mine -> think(mine, 0)),
                new Agent("thinker 2", mine -> think(mine, 1)),
                new Agent("payer 1", this::pay),
                new Agent("payer 2", this::pay),
                new Agent("auditor", this::audit));
        ExecutorService pool = Executors.newFixedThreadPool(agents.size());
        ExecutorService listener = Executors.newSingleThreadExecutor();
        try (Subscription watch =
                store.watch(HITS, Delivery.latest(listener), update -> seen.set(number(update.newValue())))) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            List<Future<?>> running = new ArrayList<>();
            for (Agent agent : agents) {
                // A handle of its own: the agent's commits carry its name, so that history and report can tell.
                Store mine = store.as(agent.name());
                running.add(pool.submit(() -> {
                    while (System.nanoTime() < end) {
                        agent.turn().accept(mine);
                    }
                }));
            }
            watchOver(watch.base(), end, progress);
            for (Future<?> agent : running) {
                finish(agent);
            }
            // The watcher hears of the last hit a moment after it.
            while (seen.get() != number(store.get(HITS)) && System.nanoTime() < end + 5_000_000_000L) {
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            pool.shutdownNow();
            listener.shutdown();
        }
    }

    private void watchOver(Snapshot start, long end, Progress progress) {
        Snapshot last = start;
        for (long now = System.nanoTime(); now < end; ) {
            LockSupport.parkNanos(Math.min(500_000_000, end - now));
            long then = System.nanoTime();
            Snapshot state = store.snapshot();
            progress.tell(state, (state.version() - last.version()) / ((then - now) / 1e9));
            last = state;
            now = then;
        }
    }

    private static void finish(Future<?> agent) throws InterruptedException {
        try {
            agent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an agent failed", e.getCause());
        }
    }

    /** One leaf, two threads: each increment counts. */
    private void count(Store mine) {
        for (int i = 0; i < 100; i++) {
            mine.increment(HITS);
            hits.increment();
        }
        pause(100_000);
    }

    /** Appends to a list that the others only read, and leaves a few notes on places in the document. */
    private void write(Store mine) {
        long entry = logged.sum();
        mine.append(LOG, Map.of("entry", entry, "hits", number(mine.get(HITS))));
        logged.increment();
        if (entry < MOST_NOTES && !leaves.isEmpty()) {
            KeyPath leaf = leaves.get(ThreadLocalRandom.current().nextInt(leaves.size()));
            mine.put(NOTES.child("note " + entry), leaf + " is worth a look");
        }
        pause(2_000_000);
    }

    /** A slow function on a path of its own: others commit thousands of times meanwhile, and it still runs once. */
    private void think(Store mine, int thinker) {
        mine.update(KeyPath.of("agents", "thoughts", thinker), Long.class, thought -> {
            thoughts.ran();
            pause(1_000_000);
            return thought + 1;
        });
        thoughts.succeeded();
    }

    /** Moves a credit between two accounts: both change, or none. */
    private void pay(Store mine) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < 50; i++) {
            KeyPath from = account(random.nextInt(ACCOUNTS));
            KeyPath to = account(random.nextInt(ACCOUNTS));
            Commit commit = mine.batch(tx -> {
                tx.label("move a credit");
                if (tx.get(from, Long.class) > 0) {
                    tx.decrement(from);
                    tx.increment(to);
                }
            });
            transfers.ran(commit.attempts());
            transfers.succeeded();
        }
        pause(100_000);
    }

    /** Adds all accounts up, slowly, while they change: the batch commits only on the state that it read. */
    private void audit(Store mine) {
        Commit commit = mine.batch(tx -> {
            tx.label("audit all accounts");
            long sum = 0;
            for (int i = 0; i < ACCOUNTS; i++) {
                sum += tx.get(account(i), Long.class);
                pause(50_000);
            }
            if (sum != ACCOUNTS * CREDIT) {
                wrongAudits.increment();
            }
            tx.increment(AUDITS);
        });
        audits.ran(commit.attempts());
        audits.succeeded();
    }

    /** The conditions that must hold in the end. */
    List<Check> checks(Snapshot before, Snapshot after) {
        long credits = 0;
        for (int i = 0; i < ACCOUNTS; i++) {
            credits += after.get(account(i), Long.class);
        }
        return List.of(
                new Check("every hit counted", hits.sum(), number(after.get(HITS))),
                new Check("the watcher saw the last hit", number(after.get(HITS)), seen.get()),
                new Check("every log entry is there", logged.sum(), (long) after.size(LOG)),
                new Check("every thought counted, each thought once", thoughts.runs(), thoughts.successes()),
                new Check("no credit lost or made", ACCOUNTS * CREDIT, credits),
                new Check("no audit saw half a transfer", 0L, wrongAudits.sum()),
                new Check("every audit counted", audits.successes(), number(after.get(AUDITS))),
                new Check("the document is untouched", true, before.get("document") == after.get("document")),
                new Check("the diff, applied to the past, gives the present", true, replays(before, after)));
    }

    private static boolean replays(Snapshot before, Snapshot after) {
        return before.edit(tx -> tx.apply(before.diff(after))).sameTree(after);
    }

    private static KeyPath account(int i) {
        return KeyPath.of("accounts", String.format("%03d", i));
    }

    private static long number(@Nullable Object value) {
        return (Long) Objects.requireNonNull(value);
    }

    private static void pause(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    /** One agent: its name, and the action that it repeats with its handle of the store. */
    private record Agent(String name, Consumer<Store> turn) {}

    /** Told twice a second: the newest state, and how many commits a second led to it. */
    @FunctionalInterface
    interface Progress {
        void tell(Snapshot state, double commitsPerSecond);
    }

    /** The number of successes of a function, and of its runs. */
    static final class Effort {
        private final LongAdder runs = new LongAdder();
        private final LongAdder successes = new LongAdder();

        void ran() {
            runs.increment();
        }

        void ran(int times) {
            runs.add(times);
        }

        void succeeded() {
            successes.increment();
        }

        long runs() {
            return runs.sum();
        }

        long successes() {
            return successes.sum();
        }
    }
}
