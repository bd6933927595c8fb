package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever batches race each other, and however often they are rebased: the outcome, and everything that a body was
 * told, is that of the same batches run alone, one after the other, in the order of their versions.
 */
@Timeout(300)
class BatchReplayTest {
    private static final int ROUNDS = 200;
    private static final int THREADS = 4;
    private static final int BATCHES = 50;

    private static final List<KeyPath> PATHS = paths();

    @Test
    void racingBatchesAreEqualToASerialReplayInVersionOrder() {
        long seed = new Random().nextLong();
        for (int round = 0; round < ROUNDS; round++) {
            race(seed + round);
        }
    }

    private static void race(long seed) {
        Store store = Store.of(start());
        ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
        Crew.together(THREADS, index -> {
            Random random = new Random(seed * 31 + index);
            for (int i = 0; i < BATCHES; i++) {
                Body body = new Body(random.nextLong());
                Commit commit = store.batch(body);
                done.add(new Done(commit, body, body.told));
            }
        });
        Store replay = Store.of(start());
        List<Done> inOrder = new ArrayList<>(done);
        // A batch that changed nothing stands right behind the state that it saw.
        inOrder.sort(Comparator.comparingLong((Done one) -> one.commit.after().version())
                .thenComparing(one -> !one.commit.changed()));
        for (Done one : inOrder) {
            Commit again = replay.batch(one.body);
            assertThat(one.body.told)
                    .as("seed %d, %s: what the body was told", seed, one.commit)
                    .isEqualTo(one.told);
            assertThat(replay.snapshot().sameTree(one.commit.after()))
                    .as(
                            "seed %d, %s: alone it made%n%s%nin the race%n%s",
                            seed, one.commit, again.diff(), one.commit.diff())
                    .isTrue();
        }
        assertThat(replay.snapshot().sameTree(store.snapshot())).isTrue();
    }

    private static Map<String, Object> start() {
        return Map.of(
                "a",
                1,
                "b",
                2,
                "m",
                Map.of("a", 1, "b", Map.of("c", 1)),
                "l",
                List.of(1, Map.of("a", 1), List.of(1, 2)));
    }

    private static List<KeyPath> paths() {
        List<KeyPath> paths = new ArrayList<>();
        for (String pointer : List.of(
                "/a", "/b", "/x", "/x/y", "/x/y/z", "/m", "/m/a", "/m/b", "/m/b/c", "/m/new", "/m/0", "/l", "/l/0",
                "/l/1", "/l/1/a", "/l/2", "/l/2/0", "/l/2/2", "/l/-", "/l/4", "/a/b")) {
            paths.add(KeyPath.parse(pointer));
        }
        return paths;
    }

    private record Done(Commit commit, Body body, List<String> told) {}

    /** A few random operations, the same at every run but for what it is told; takes down all that it is told. */
    private static final class Body implements Consumer<Transaction> {
        private final long seed;
        private List<String> told = List.of();

        Body(long seed) {
            this.seed = seed;
        }

        @Override
        public void accept(Transaction tx) {
            List<String> notes = new ArrayList<>();
            Random random = new Random(seed);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                KeyPath path = PATHS.get(random.nextInt(PATHS.size()));
                int operation = random.nextInt(OPERATIONS.size());
                Object value = value(random);
                try {
                    notes.add(operation + " " + path + " = "
                            + OPERATIONS.get(operation).run(tx, path, value));
                } catch (NoSuchPathException | TypeMismatchException | IllegalArgumentException e) {
                    notes.add(operation + " " + path + " : " + e.getClass().getSimpleName());
                }
            }
            if (random.nextInt(3) == 0) {
                letOthersIn();
            }
            told = notes;
        }

        /** So that bodies overlap, on few cores too. */
        private static void letOthersIn() {
            LockSupport.parkNanos(1_000);
        }

        private static Object value(Random random) {
            return switch (random.nextInt(5)) {
                case 0 -> Map.of("y", random.nextInt(3));
                case 1 -> List.of(random.nextInt(3), random.nextInt(3));
                default -> random.nextInt(4);
            };
        }
    }

    private static final List<Operation> OPERATIONS = List.of(
            (tx, path, value) -> tx.put(path, value),
            Operation.of((tx, path, value) -> tx.set(path, value)),
            Operation.of((tx, path, value) -> tx.set(path, value)),
            (tx, path, value) -> tx.init(path, value),
            (tx, path, value) -> tx.remove(path),
            (tx, path, value) -> tx.discard(path),
            (tx, path, value) -> tx.getOrDefault(path, "none"),
            (tx, path, value) -> tx.contains(path),
            (tx, path, value) -> tx.size(path),
            (tx, path, value) -> tx.keys(path),
            (tx, path, value) -> tx.increment(path),
            (tx, path, value) -> tx.replace(path, 1, value),
            (tx, path, value) -> tx.update(path, old -> value),
            (tx, path, value) -> tx.merge(path, value, (old, added) -> old instanceof Long ? null : old),
            Operation.of((tx, path, value) -> tx.append(path, value)),
            Operation.of((tx, path, value) -> tx.insert(path, value)),
            Operation.of((tx, path, value) -> tx.concat(path, value)));

    private interface Operation {
        Object run(Transaction tx, KeyPath path, Object value);

        static Operation of(Silent operation) {
            return (tx, path, value) -> {
                operation.run(tx, path, value);
                return "done";
            };
        }
    }

    private interface Silent {
        void run(Transaction tx, KeyPath path, Object value);
    }
}
