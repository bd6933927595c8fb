package dev.heartwood.log;

import dev.heartwood.CommitOutcome;
import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Token;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several replicas over a {@link SimulatedLog}, all in one thread and by one seed: the same seed gives the same run. Checked
 * during the run and at its end:
 *
 * <ul>
 *   <li>the log is one chain;
 *   <li>each acknowledged commit is in it exactly once, each refused one is not, each indeterminate one at most once;
 *   <li>each replica shows the state of the log at the entry that it has reached, and never goes back;
 *   <li>an answer of a write or transaction, and a fresh read, knows every commit that was acknowledged before it began;
 *   <li>a token that is reached shows its commit; the outcome of an indeterminate commit is the true one;
 *   <li>when all is calm, every replica has the newest state, and a new one opens with it;
 *   <li>the entries that a trim should delete are gone.
 * </ul>
 */
final class Simulation {
    private static final int STEPS = 40;
    private static final int KEPT = 3;
    private static final int MOST_OPENINGS = 100;
    /** A deadline; some of the checkpoints here take longer to read. */
    private static final Duration SHORT = Duration.ofMillis(60);

    private final long seed;
    private final World world;
    private final SimulatedLog log;
    private final boolean lossless;
    private final boolean restores;
    private final boolean forgetsWriters;
    private final LogOptions options;
    private final List<Replicant> replicas = new ArrayList<>();

    private final Map<String, Fate> fates = new LinkedHashMap<>();
    private final Map<String, Token> tokens = new LinkedHashMap<>();
    private final Map<String, Doubt> doubts = new LinkedHashMap<>();
    private final Map<String, CommitOutcome> outcomes = new LinkedHashMap<>();
    private int commits;
    private int openings;

    /** A commit in doubt, and the opening that made it. */
    private record Doubt(IndeterminateCommitException answer, LogRoot opening) {}

    private enum Fate {
        ACKNOWLEDGED,
        REFUSED,
        INDETERMINATE
    }

    /** The process of a replica ends in the middle of something. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Simulation(long seed) {
        this.seed = seed;
        this.world = new World(seed);
        boolean often = seed < 0;
        this.lossless = world.chance(0.3) && !often;
        this.restores = !lossless && (world.chance(0.15) || often);
        double[] rates = {0, 0.02, 0.1};
        this.log = new SimulatedLog(world, lossless ? 0 : rates[world.random.nextInt(rates.length)], lossless);
        LogOptions common = LogStore.options()
                .deadline(world.chance(0.5) ? SHORT : Duration.ofSeconds(2))
                .pollInterval(Duration.ofSeconds(1))
                .checkpointEvery(often ? 2 : world.chance(0.7) ? 4 : 0)
                .keepEntries(often ? 0 : KEPT)
                .compressCheckpointsAbove(seed % 2 == 0 ? 0 : Long.MAX_VALUE);
        this.forgetsWriters = world.chance(0.2);
        this.options = common.rememberWriters(forgetsWriters ? 6 : 100_000);
    }

    /**
     * Runs the simulation of a seed. That of a seed below zero restores the log, which few others do, and trims it after
     * every second entry.
     */
    static void run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.run();
        } catch (Throwable e) {
            // What was noted first may have been caught on its way, and this be its consequence.
            AssertionError first = simulation.world.broken();
            throw failure(seed, first == null ? e : first);
        }
        AssertionError broken = simulation.world.broken();
        if (broken != null) {
            throw failure(seed, broken);
        }
    }

    private static AssertionError failure(long seed, Throwable cause) {
        return new AssertionError("seed " + seed + ": " + cause, cause);
    }

    private void run() {
        int count = 2 + world.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            replicas.add(new Replicant(i));
        }
        for (int step = 0; step < STEPS; step++) {
            Replicant next = replicas.get(world.random.nextInt(replicas.size()));
            next.act();
            if (restores && world.chance(0.05)) {
                log.save();
            }
            if (restores && world.chance(0.03)) {
                log.restore();
            }
        }
        if (lossless) {
            openBesideACommit();
        }
        world.calmDown();
        if (lossless) {
            // Wake-ups alone, without a poll, bring every replica up to date.
            world.advance(world.now() + 10 * SimulatedLog.TIMEOUT_NANOS);
            replicas.forEach(replica -> replica.requireNewest("without a poll"));
        }
        calm();
        check();
    }

    /** Long after anything happened, each replica polls once. */
    private void calm() {
        world.drain();
        world.advance(world.now() + 3_000_000_000L);
        replicas.forEach(Replicant::follow);
        world.drain();
    }

    /** A replica opens while others commit; nothing comes after that. */
    private void openBesideACommit() {
        world.allowMore();
        replicas.get(0).close();
        replicas.get(0).open();
    }

    private void check() {
        Map<Object, Integer> counts =
                SimulatedLog.count(SimulatedLog.commits(log.truth().tree()));
        fates.forEach((commit, fate) -> {
            int times = counts.getOrDefault(commit, 0);
            boolean right = switch (fate) {
                case ACKNOWLEDGED -> times == 1 || (times == 0 && log.restores() > 0);
                case REFUSED -> times == 0;
                case INDETERMINATE -> times <= 1;
            };
            require(right, "commit " + commit + " is " + fate + ", and " + times + " times in the log");
        });
        long total = counts.values().stream().mapToLong(Integer::intValue).sum();
        Object counter = log.truth().tree().getOrElse("c", 0L);
        require(Objects.equals(counter, total), "the counter is " + counter + " after " + total + " commits");
        if (log.restores() == 0) {
            outcomes.forEach((commit, outcome) -> {
                CommitOutcome truth =
                        counts.containsKey(commit) ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED;
                require(
                        outcome == truth || outcome == CommitOutcome.UNKNOWN,
                        "commit " + commit + " was said to be " + outcome + ", and is " + truth);
            });
        }
        replicas.forEach(replica -> replica.requireNewest("when all is calm"));
        Replicant late = new Replicant(replicas.size());
        late.requireNewest("after opening");
        late.commitCalmly();
        calm();
        late.commitCalmly();
        world.advance(world.now() + 10 * SimulatedLog.TIMEOUT_NANOS);
        replicas.forEach(replica -> replica.requireNewest("without a poll, after its connection was kicked"));
        late.requireTrimmed();
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw world.fail(message);
        }
    }

    /** The commits that were acknowledged, and that a restore has not taken away. */
    private List<String> acknowledged() {
        if (log.restores() > 0) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        fates.forEach((commit, fate) -> {
            if (fate == Fate.ACKNOWLEDGED) {
                all.add(commit);
            }
        });
        return all;
    }

    /** One replica, and the process around it. */
    private final class Replicant implements World.Actor, Wiring.Threads {
        private final int number;
        private LogRoot root;
        private Store store;
        private boolean busy;
        private boolean mayCommitMeanwhile;
        private boolean crashing;
        private boolean crashed;
        private int opening;
        private long shown;

        @SuppressWarnings("NullAway.Init")
        Replicant(int number) {
            this.number = number;
            world.add(this);
            open();
        }

        @Override
        public boolean isIdle() {
            return !busy;
        }

        private void open() {
            busy = true;
            crashing = false;
            crashed = false;
            opening = ++openings;
            shown = 0;
            int mine = opening;
            Wiring wiring = new Wiring(new SimulatedClock(), "w" + mine, world.random, this);
            boolean tooSlow = false;
            for (int tries = 1; ; tries++) {
                require(tries == 1 || !lossless || tooSlow, "nothing fails, and the log cannot be opened");
                require(tries < MOST_OPENINGS, "the log cannot be opened any more");
                try {
                    root = LogRoot.open(log.connect(process(mine)), options(), wiring);
                    break;
                } catch (StoreIOException unreachable) {
                    tooSlow = readsTooSlowly(unreachable);
                    world.travel(SimulatedLog.TIMEOUT_NANOS);
                } catch (LogReplacedException replaced) {
                    require(log.restores() > 0, "a log that was never restored is called replaced: " + replaced);
                } catch (StoreException unreadable) {
                    throw world.fail("the log cannot be opened: " + unreadable);
                }
            }
            store = Store.over(root);
            busy = false;
            requireShown();
        }

        /** Replicas may have other options than each other, and so write other texts of one checkpoint. */
        private LogOptions options() {
            return forgetsWriters ? options.rememberWriters(6 + number) : options;
        }

        /** The process of one opening: it may crash at a request, and commit while a question is under way. */
        private SimulatedLog.Client process(int mine) {
            return new SimulatedLog.Client() {
                @Override
                public void sends() {
                    if (mine != opening || crashed || (crashing && world.chance(0.3))) {
                        crashed = true;
                        throw new Crash();
                    }
                }

                @Override
                public void waits() {
                    if (mayCommitMeanwhile && !world.isQuiet() && world.chance(0.3)) {
                        mayCommitMeanwhile = false;
                        commitBySteps(1);
                    }
                }
            };
        }

        private void close() {
            world.advance(world.now());
            busy = true;
            try {
                store.close();
            } catch (StoreIOException | IndeterminateCommitException unreachable) {
                // The log did not answer in time.
            } catch (Crash e) {
                crashed = true;
            } finally {
                busy = false;
            }
        }

        @Override
        public void act() {
            busy = true;
            try {
                crashing = !lossless && world.chance(0.04);
                operate();
            } catch (Crash e) {
                crashed = true;
            } finally {
                busy = false;
            }
            if (crashed || world.chance(0.03)) {
                if (!crashed) {
                    close();
                }
                open();
            } else {
                crashing = false;
                requireShown();
            }
        }

        private void operate() {
            double dice = world.random.nextDouble();
            try {
                if (dice < 0.4) {
                    commit();
                } else if (dice < 0.55) {
                    commitBySteps(1 + world.random.nextInt(3));
                } else if (dice < 0.65) {
                    answerWithoutCommit();
                } else if (dice < 0.75) {
                    readFresh();
                } else if (dice < 0.8) {
                    reachToken();
                } else if (dice < 0.85) {
                    askForOutcome();
                } else if (dice < 0.95) {
                    busy = false;
                    follow();
                } else {
                    root.writeCheckpoint();
                }
            } catch (LogReplacedException replaced) {
                require(log.restores() > 0, "a log that was never restored is called replaced: " + replaced);
                reopen();
            } catch (StoreIOException unreachable) {
                requireFaults(unreachable);
            }
        }

        /** An operation fails only where something is wrong. */
        private void requireFaults(RuntimeException failure) {
            require(
                    !lossless || crashed || readsTooSlowly(failure),
                    "nothing fails, and an operation does: " + failure);
        }

        /** Whether others replace the checkpoints while this one reads: one that takes longer than a short deadline. */
        private boolean readsTooSlowly(RuntimeException failure) {
            return options.deadline().equals(SHORT)
                    && String.valueOf(failure.getMessage()).contains("The log is sound");
        }

        /**
         * A commit is in doubt only where something is wrong, or where the table of writers is so short that a replica which
         * lags behind finds neither the place of its entry nor its row.
         */
        private void requireDoubt(IndeterminateCommitException doubt) {
            if (!forgetsWriters) {
                requireFaults(doubt);
            }
        }

        private void reopen() {
            close();
            open();
        }

        private String newCommit() {
            return "r" + number + "-" + ++commits;
        }

        private void commit() {
            String commit = newCommit();
            String padding = world.chance(0.1) ? "x".repeat(2_500) : "";
            List<String> before = acknowledged();
            List<List<String>> seen = new ArrayList<>();
            try {
                dev.heartwood.Commit done = store.batch(tx -> {
                    seen.add(commitsIn(tx.getOrDefault("l", Vector.empty())));
                    tx.put("c", tx.getOrDefault("c", Long.class, 0L) + 1);
                    tx.init("l", List.of());
                    tx.append("l", commit);
                    if (!padding.isEmpty()) {
                        tx.put("padding", padding + commit);
                    }
                });
                fates.put(commit, crashed ? Fate.INDETERMINATE : Fate.ACKNOWLEDGED);
                if (!crashed) {
                    tokens.put(commit, Objects.requireNonNull(root.token(done.after())));
                    requireKnows(seen.get(seen.size() - 1), before, "a commit was made on a state without it");
                }
            } catch (IndeterminateCommitException e) {
                requireDoubt(e);
                fates.put(commit, Fate.INDETERMINATE);
                doubts.put(commit, new Doubt(e, root));
            } catch (StoreIOException e) {
                requireFaults(e);
                fates.put(commit, crashed ? Fate.INDETERMINATE : Fate.REFUSED);
            } catch (LogReplacedException | Crash e) {
                fates.put(commit, Fate.INDETERMINATE);
                throw e;
            }
        }

        /** Commits like threads of one process that wait together, so that they share an entry. */
        private void commitBySteps(int count) {
            Map<String, Snapshot> accepted = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String commit = newCommit();
                Snapshot head = root.head();
                Vector<Object> list = listIn(head.root());
                HashMap<String, @Nullable Object> tree = head.root()
                        .put("c", (Long) head.root().getOrElse("c", 0L) + 1)
                        .put("l", list.append(commit));
                Snapshot after = root.timeline().state(root.nextVersion(head), tree);
                require(
                        root.compareAndSet(
                                head,
                                after,
                                () -> List.of(
                                        new Edit.Put(
                                                KeyPath.of("c"), tree.get("c").get()),
                                        list.isEmpty()
                                                ? new Edit.Put(KeyPath.of("l"), Vector.of(commit))
                                                : new Edit.Append(KeyPath.of("l"), list.size(), Vector.of(commit)))),
                        "the head moved in one thread");
                accepted.put(commit, after);
                fates.put(commit, Fate.INDETERMINATE);
            }
            accepted.forEach((commit, after) -> {
                Fate fate = Fate.REFUSED;
                try {
                    if (root.settle(after)) {
                        fate = Fate.ACKNOWLEDGED;
                    }
                } catch (IndeterminateCommitException e) {
                    fate = Fate.INDETERMINATE;
                    doubts.put(commit, new Doubt(e, root));
                } catch (StoreIOException e) {
                    fate = Fate.REFUSED;
                } catch (LogReplacedException e) {
                    fate = Fate.INDETERMINATE;
                }
                fates.put(commit, crashed ? Fate.INDETERMINATE : fate);
            });
        }

        /** A transaction that changes nothing: its answer is linearizable all the same. */
        private void answerWithoutCommit() {
            List<String> before = acknowledged();
            mayCommitMeanwhile = true;
            try {
                List<String> seen = store.transact(tx -> commitsIn(tx.getOrDefault("l", Vector.empty())));
                if (!crashed) {
                    requireKnows(seen, before, "a transaction does not know it");
                }
            } finally {
                mayCommitMeanwhile = false;
            }
        }

        private void readFresh() {
            List<String> before = acknowledged();
            mayCommitMeanwhile = true;
            try {
                List<String> seen = commitsIn(root.fresh().getOrDefault("l", Vector.empty()));
                if (!crashed) {
                    requireKnows(seen, before, "a fresh read does not know it");
                }
            } finally {
                mayCommitMeanwhile = false;
            }
        }

        private void reachToken() {
            if (tokens.isEmpty()) {
                return;
            }
            List<String> all = new ArrayList<>(tokens.keySet());
            String commit = all.get(world.random.nextInt(all.size()));
            if (root.hasReached(Objects.requireNonNull(tokens.get(commit))) && log.restores() == 0) {
                List<String> seen = commitsIn(root.visible().getOrDefault("l", Vector.empty()));
                require(seen.contains(commit), "the token of " + commit + " is reached, and the commit is not there");
            }
        }

        private void askForOutcome() {
            if (doubts.isEmpty()) {
                return;
            }
            String commit = doubts.keySet().iterator().next();
            Doubt doubt = Objects.requireNonNull(doubts.remove(commit));
            CommitOutcome outcome = root.outcomeOf(doubt.answer());
            outcomes.put(commit, outcome);
            require(
                    outcome != CommitOutcome.UNKNOWN || doubt.opening() != root || forgetsWriters || log.restores() > 0,
                    "the store that made commit " + commit + " does not know its outcome");
        }

        private void follow() {
            if (!busy && !crashed) {
                busy = true;
                try {
                    root.follow();
                } catch (Crash e) {
                    crashed = true;
                } finally {
                    busy = false;
                }
            }
        }

        private void requireKnows(List<String> seen, List<String> before, String message) {
            if (log.restores() == 0) {
                for (String commit : before) {
                    require(seen.contains(commit), "commit " + commit + " was acknowledged, and then " + message);
                }
            }
        }

        private boolean hasTrouble() {
            try {
                root.replica().requireSound();
                return false;
            } catch (dev.heartwood.StoreException trouble) {
                return true;
            }
        }

        /** The replica shows the state at its entry, and no older one than before. */
        private void requireShown() {
            if (crashed) {
                return;
            }
            Snapshot state = root.visible();
            if (hasTrouble()) {
                return;
            }
            SimulatedLog.State truth = log.states.get(root.replica().position());
            require(
                    truth != null,
                    "replica " + number + " is at " + root.replica().position() + ", which was never in the log");
            require(
                    Objects.requireNonNull(truth).version() == state.version()
                            && truth.tree().equals(state.root()),
                    "replica " + number + " shows " + state + " at "
                            + root.replica().position() + ", where the log has version " + truth.version());
            require(
                    state.version() >= shown || log.restores() > 0,
                    "replica " + number + " went back from version " + shown + " to " + state.version());
            shown = state.version();
        }

        private void requireNewest(String when) {
            if (crashed || hasTrouble()) {
                require(crashed || log.restores() > 0, "replica " + number + " has given up the log " + when);
                return;
            }
            requireShown();
            require(
                    root.replica().position().equals(log.last()),
                    "replica " + number + " is at " + root.replica().position() + " " + when + ", and the log at "
                            + log.last());
        }

        private void commitCalmly() {
            busy = true;
            store.put("last", world.now());
            busy = false;
        }

        private void requireTrimmed() {
            if (options.checkpointEvery() == 0) {
                return;
            }
            busy = true;
            for (int i = 0; i < 3 * options.checkpointEvery(); i++) {
                store.put("last", i);
                root.writeCheckpoint();
                if (i == options.checkpointEvery()) {
                    // An earlier checkpoint stays for twice the deadline, with the entries after it.
                    world.travel(3 * options.deadline().toNanos());
                }
            }
            busy = false;
            world.drain();
            long number = log.last().number();
            require(
                    log.firstNumber() >= number - 3L * options.checkpointEvery() - KEPT,
                    "the log begins with " + log.firstNumber() + ", and is at " + number);
            for (String part : log.partNames()) {
                long at = numberOf(part);
                require(
                        at >= log.firstNumber() - 1,
                        "part " + part + " is left, and the log begins with " + log.firstNumber());
            }
        }

        @Override
        public Wiring.Background background(String name, java.util.function.LongSupplier task) {
            int mine = opening;
            boolean follows = name.contains("follows");
            return new Wiring.Background() {
                private boolean stopped;

                @Override
                public void wake() {
                    world.later(1_000, this::runSoon);
                }

                private void runSoon() {
                    if (stopped || crashed || mine != opening) {
                        return;
                    } else if (busy) {
                        world.later(1_000_000, this::runSoon);
                        return;
                    }
                    busy = true;
                    try {
                        long ignored = task.getAsLong();
                    } catch (Crash e) {
                        crashed = true;
                    } finally {
                        busy = false;
                    }
                    if (follows && !crashed) {
                        requireShown();
                    }
                }

                @Override
                public void stop() {
                    stopped = true;
                }
            };
        }

        @Override
        public java.util.concurrent.ExecutorService listeners(String name) {
            return new DirectExecutor();
        }
    }

    /** The entry number of a part: the second of the slash-separated words of its name. */
    private static long numberOf(String part) {
        int from = part.indexOf('/') + 1;
        return Long.parseLong(part.substring(from, part.indexOf('/', from)));
    }

    private static Vector<Object> listIn(HashMap<String, @Nullable Object> tree) {
        return Vector.ofAll(SimulatedLog.commits(tree));
    }

    private static List<String> commitsIn(Object list) {
        List<String> commits = new ArrayList<>();
        ((Vector<?>) list).forEach(commit -> commits.add((String) commit));
        return commits;
    }

    private final class SimulatedClock implements dev.heartwood.storage.NanoClock {
        @Override
        public long nanoTime() {
            return world.now();
        }

        @Override
        public void pause(long nanos) {
            require(nanos != Long.MAX_VALUE, "a thread waits that nobody will wake");
            world.travel(nanos);
        }
    }

    @Override
    public String toString() {
        return "Simulation[seed " + seed + "]";
    }
}
