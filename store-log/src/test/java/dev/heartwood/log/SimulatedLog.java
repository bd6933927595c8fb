package dev.heartwood.log;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Unavailable;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log whose network loses answers, delays requests beyond their time-out, sends them twice, and drops wake-ups; which may be
 * trimmed and restored to an earlier state; all as the seed of its {@link World} says. It also keeps the truth: the state of
 * the tree after each entry that was ever appended.
 */
final class SimulatedLog {
    static final int LARGEST_VALUE = 1_000;
    private static final int PAGE = 7;
    private static final long LATENCY_NANOS = 2_000_000;
    static final long TIMEOUT_NANOS = 20_000_000;

    private final World world;
    private final double faults;
    private final boolean lossless;

    // The contents of the server.
    private SharedLog.Position last = new SharedLog.Position(0, "log-1");
    private TreeMap<Long, SharedLog.Entry> entries = new TreeMap<>();
    private TreeMap<String, String> parts = new TreeMap<>();
    private @Nullable String checkpoint;
    private SharedLog.@Nullable Claim claim;
    private final List<Ear> ears = new ArrayList<>();

    // The truth.
    final Map<SharedLog.Position, State> states = new java.util.HashMap<>();
    private List<SharedLog.Position> chain = new ArrayList<>();
    private @Nullable Saved saved;
    private int restores;

    /** The version and the tree after an entry. */
    record State(long version, HashMap<String, @Nullable Object> tree) {}

    private record Saved(
            SharedLog.Position last,
            TreeMap<Long, SharedLog.Entry> entries,
            TreeMap<String, String> parts,
            @Nullable String checkpoint,
            List<SharedLog.Position> chain) {}

    SimulatedLog(World world, double faults, boolean lossless) {
        this.world = world;
        this.faults = faults;
        this.lossless = lossless;
        states.put(last, new State(0, HashMap.empty()));
        chain.add(last);
    }

    /** The process that has a connection. */
    interface Client {
        /** Before each request; throws where the process dies. */
        void sends();

        /** While the answer to the question where the log ends is on its way. */
        void waits();
    }

    /** A connection of a client. */
    SharedLog connect(Client client) {
        return new Connection(client);
    }

    State truth() {
        return Objects.requireNonNull(states.get(last));
    }

    SharedLog.Position last() {
        return last;
    }

    /** Whether the log holds an entry, or has held it before it was trimmed. */
    boolean holds(SharedLog.Position at) {
        return at.number() < chain.size() && chain.get((int) at.number()).equals(at);
    }

    int restores() {
        return restores;
    }

    Iterable<String> partNames() {
        return parts.keySet();
    }

    long firstNumber() {
        return entries.isEmpty() ? last.number() : entries.firstKey();
    }

    /** Takes a backup of the server's contents. */
    void save() {
        saved = new Saved(last, new TreeMap<>(entries), new TreeMap<>(parts), checkpoint, new ArrayList<>(chain));
    }

    /** Goes back to the backup. */
    void restore() {
        Saved backup = saved;
        if (backup == null) {
            return;
        }
        long ended = last.number();
        last = backup.last;
        entries = new TreeMap<>(backup.entries);
        parts = new TreeMap<>(backup.parts);
        checkpoint = backup.checkpoint;
        chain = new ArrayList<>(backup.chain);
        claim = null;
        restores++;
        if (world.chance(0.5)) {
            refill(ended);
        }
    }

    /** Others have written on, up to a number that the log once had. */
    private void refill(long number) {
        while (last.number() < number) {
            SharedLog.Position next =
                    new SharedLog.Position(last.number() + 1, "rival" + restores + ":" + last.number());
            apply(last, new SharedLog.Entry(next, EntryText.of(last, List.of())), null);
        }
    }

    /** A request that reaches the server, unless the server was restored since it was sent: then the connection is lost. */
    private void arrive(long nanos, Runnable request) {
        int sent = restores;
        world.later(nanos, () -> {
            if (sent == restores) {
                request.run();
            }
        });
    }

    private SharedLog.Outcome apply(SharedLog.Position on, SharedLog.Entry next, SharedLog.@Nullable Claim mine) {
        if (!last.equals(on)) {
            claim = SharedLog.Claim.kept(claim, mine);
            return new SharedLog.Lost(tail(next.at().number()));
        }
        note(next);
        last = next.at();
        entries.put(next.at().number(), next);
        claim = SharedLog.Claim.afterWin(claim, last);
        for (Ear ear : List.copyOf(ears)) {
            ear.hear(next.at().number());
        }
        return new SharedLog.Appended(claim);
    }

    /** The state after an entry, which must follow from the one before it. */
    private void note(SharedLog.Entry next) {
        EntryText text = EntryText.parse(next.body());
        StagedText.Reference staged = text.staged();
        if (staged != null) {
            StringBuilder whole = new StringBuilder();
            for (int part = 0; part < staged.parts(); part++) {
                String name = StagedText.name(StagedText.ENTRIES, next.at()) + "/" + part;
                String stored = parts.get(name);
                if (stored == null) {
                    throw world.fail("an entry came before its part " + name);
                }
                whole.append(stored);
            }
            text = EntryText.parse(whole.toString());
        }
        if (!text.on().equals(last.id()) || next.at().number() != last.number() + 1) {
            throw world.fail("the log is no chain: " + next.at() + " says that it follows " + text.on()
                    + ", and follows " + last);
        }
        State state = truth();
        long version = text.firstVersion();
        for (String edits : text.commits()) {
            if (version <= state.version()) {
                throw world.fail("a version is used twice: " + version);
            }
            state = new State(
                    version++, LogFormat.step(next.at(), edits, state.tree()).tree());
        }
        states.put(next.at(), state);
        chain.add(next.at());
    }

    private SharedLog.Tail tail(long from) {
        return new SharedLog.Tail(
                last, entries.tailMap(from).values().stream().limit(PAGE).toList());
    }

    /** A listener, which a silent partition makes deaf until it is kicked. */
    private final class Ear {
        private final LongConsumer wake;
        private boolean deaf;

        Ear(LongConsumer wake) {
            this.wake = wake;
        }

        private boolean isLossy() {
            return !lossless && !world.isQuiet();
        }

        void hear(long number) {
            if (isLossy() && world.chance(0.02)) {
                deaf = true;
            }
            if (deaf || (isLossy() && world.chance(0.2))) {
                return;
            }
            long told = world.chance(0.5) ? -1 : number;
            world.later((long) (world.random.nextDouble() * LATENCY_NANOS), () -> {
                if (ears.contains(this)) {
                    wake.accept(told);
                }
            });
        }
    }

    private final class Connection implements SharedLog {
        private final Client client;
        private final List<Ear> mine = new ArrayList<>();

        Connection(Client client) {
            this.client = client;
        }

        private long latency() {
            return (long) (world.random.nextDouble() * LATENCY_NANOS);
        }

        private boolean fails() {
            return !world.isQuiet() && world.chance(faults);
        }

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable {
            client.sends();
            if (StagedText.bytes(next.body()) > LARGEST_VALUE) {
                throw world.fail("an entry is larger than the log takes");
            }
            Outcome[] answer = new Outcome[1];
            if (fails()) {
                world.travel(latency());
                throw new Unavailable("not sent", null);
            } else if (fails()) {
                world.travel(TIMEOUT_NANOS);
                throw new InDoubt("sent, and lost on the way", null);
            } else if (fails()) {
                long late = (long) (world.random.nextDouble() * 20 * TIMEOUT_NANOS);
                arrive(late, () -> apply(on, next, mine));
                world.travel(TIMEOUT_NANOS);
                throw new InDoubt("late", null);
            } else if (fails()) {
                arrive(latency(), () -> apply(on, next, mine));
                world.travel(TIMEOUT_NANOS);
                throw new InDoubt("answer lost", null);
            } else if (fails()) {
                arrive(latency(), () -> apply(on, next, mine));
                world.travel(TIMEOUT_NANOS);
            }
            long there = latency();
            arrive(there, () -> answer[0] = apply(on, next, mine));
            world.travel(there + latency());
            if (answer[0] == null) {
                throw new InDoubt("the connection is lost", null);
            }
            return answer[0];
        }

        /** A request that changes nothing; the answer is that of the moment when it arrives. */
        private <T> T ask(Supplier<T> question) throws Unavailable {
            client.sends();
            if (fails()) {
                world.travel(latency());
                throw new Unavailable("no answer", null);
            }
            List<T> answer = new ArrayList<>();
            long there = latency();
            arrive(there, () -> answer.add(question.get()));
            world.travel(there + latency());
            if (answer.isEmpty()) {
                throw new Unavailable("the connection is lost", null);
            }
            return answer.get(0);
        }

        /** A request that may be repeated: it may come late, too. */
        private void send(Runnable request) throws InDoubt, Unavailable {
            if (fails()) {
                client.sends();
                arrive((long) (world.random.nextDouble() * 5 * TIMEOUT_NANOS), request);
                world.travel(TIMEOUT_NANOS);
                throw new InDoubt("late", null);
            }
            ask(() -> {
                request.run();
                return true;
            });
        }

        @Override
        public Position last() throws Unavailable {
            Position answer = ask(() -> last);
            client.waits();
            return answer;
        }

        @Override
        public Tail read(long from) throws Unavailable {
            return ask(() -> tail(from));
        }

        @Override
        public Listening listen(LongConsumer wake) {
            Ear ear = new Ear(wake);
            ears.add(ear);
            mine.add(ear);
            return new Listening() {
                @Override
                public void kick() {
                    ear.deaf = false;
                }

                @Override
                public void close() {
                    ears.remove(ear);
                }
            };
        }

        @Override
        public int largestValue() {
            return LARGEST_VALUE;
        }

        @Override
        public void put(String name, String part) throws InDoubt, Unavailable {
            send(() -> parts.put(name, part));
        }

        @Override
        public @Nullable String get(String name) throws Unavailable {
            return ask(() -> Optional.ofNullable(parts.get(name))).orElse(null);
        }

        @Override
        public void delete(String from, String to) throws InDoubt, Unavailable {
            send(() -> parts.subMap(from, to).clear());
        }

        @Override
        public Optional<String> checkpoint() throws Unavailable {
            return ask(() -> Optional.ofNullable(checkpoint));
        }

        @Override
        public boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable {
            if (fails()) {
                client.sends();
                arrive(latency(), () -> swap(before, after));
                world.travel(TIMEOUT_NANOS);
                throw new InDoubt("answer lost", null);
            }
            return ask(() -> swap(before, after));
        }

        private boolean swap(@Nullable String before, String after) {
            boolean is = Objects.equals(checkpoint, before);
            if (is) {
                checkpoint = after;
            }
            return is;
        }

        @Override
        public void trim(long below) throws InDoubt, Unavailable {
            send(() -> entries.headMap(Math.min(below, last.number())).clear());
        }

        @Override
        public void close() {
            ears.removeAll(mine);
        }
    }

    /** The identities of the commits in a tree. */
    static List<Object> commits(HashMap<String, @Nullable Object> tree) {
        return tree.get("l")
                .map(list -> ((io.vavr.collection.Vector<?>) list)
                        .<Object>map(x -> x)
                        .toJavaList())
                .getOrElse(List.of());
    }

    /** How often each of the objects is in the list. */
    static Map<Object, Integer> count(List<Object> commits) {
        Map<Object, Integer> counts = new LinkedHashMap<>();
        commits.forEach(commit -> counts.merge(commit, 1, Integer::sum));
        return counts;
    }
}
