package dev.heartwood;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The body of a batch, any: operations, parts that may fail, functions that use the transaction, diffs from elsewhere.
 * It does the same at every run, apart from the values that it reads, which it records.
 */
final class AnyBody implements Consumer<Transaction> {
    private static final int DEEPEST = 3;
    private static final int MOST = 4;

    private final long seed;
    private List<String> told = List.of();

    AnyBody(long seed) {
        this.seed = seed;
    }

    /** The values that the last run has read. */
    List<String> told() {
        return told;
    }

    @Override
    public void accept(Transaction tx) {
        List<String> notes = new ArrayList<>();
        some(tx, new Random(seed), notes, 0);
        told = notes;
    }

    private static void some(Transaction tx, Random random, List<String> notes, int depth) {
        for (int i = 1 + random.nextInt(MOST); i > 0; i--) {
            one(tx, random, notes, depth);
        }
    }

    private static void one(Transaction tx, Random random, List<String> notes, int depth) {
        Random inner = new Random(random.nextLong());
        switch (depth < DEEPEST ? random.nextInt(14) : -1) {
            case 0, 1 -> part(tx, inner, notes, depth + 1);
            case 2 -> function(tx, inner, notes, depth + 1);
            case 3 -> diff(tx, inner, notes);
            case 4, 5 -> commute(tx, inner, notes);
            default -> notes.add(AnyOperation.random(inner).on(tx));
        }
    }

    /** Where it fails, nothing of it stays. */
    private static void part(Transaction tx, Random random, List<String> notes, int depth) {
        try {
            tx.atomically(part -> {
                some(part, random, notes, depth);
                if (random.nextBoolean()) {
                    throw new IllegalStateException("a part that fails");
                }
            });
        } catch (IllegalStateException e) {
            notes.add(String.valueOf(e.getMessage()));
        }
    }

    /** It may use the transaction anywhere but at the place that it is to change. */
    private static void function(Transaction tx, Random random, List<String> notes, int depth) {
        try {
            notes.add(" = "
                    + tx.update(AnyOperation.path(random), old -> {
                        one(tx, random, notes, depth);
                        return random.nextInt(3);
                    }));
        } catch (IllegalStateException | NoSuchPathException | TypeMismatchException e) {
            notes.add(e.getClass().getSimpleName());
        }
    }

    /** Of a place that need not be there: then the batch fails at its commit, if nothing puts it there. */
    private static void commute(Transaction tx, Random random, List<String> notes) {
        KeyPath path = random.nextInt(3) > 0 ? KeyPath.of("m", "a") : AnyOperation.path(random);
        int step = random.nextInt(3);
        try {
            tx.commute(path, Object.class, old -> old instanceof Long number ? number * 2 + step : old);
            notes.add("commute " + path);
        } catch (NoSuchPathException | TypeMismatchException e) {
            notes.add("commute " + path + " : " + e.getClass().getSimpleName());
        }
    }

    private static void diff(Transaction tx, Random random, List<String> notes) {
        Store other = Store.of(AnyOperation.START);
        AnyOperation.random(random).on(other);
        Snapshot before = other.snapshot();
        AnyOperation.random(random).on(other);
        Diff diff = random.nextBoolean()
                ? before.diff(other.snapshot())
                : other.snapshot().diff(before);
        try {
            tx.apply(diff);
            notes.add(diff.toString());
        } catch (ConflictException e) {
            notes.add("conflict at " + e.path()); // the message quotes keys, for people: they do not count as read
        }
    }
}
