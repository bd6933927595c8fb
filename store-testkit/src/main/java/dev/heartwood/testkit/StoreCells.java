package dev.heartwood.testkit;

import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Transaction;
import dev.heartwood.TreeView;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The places and operations of a {@link HistoryProgram} in a store. */
final class StoreCells implements HistoryProgram.Cells {
    private final TreeView view;

    /** For programs that only read. */
    StoreCells(TreeView view) {
        this.view = view;
    }

    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Transaction tx() {
        return (Transaction) view;
    }

    @Override
    public long get(String place) {
        return view.getOrDefault(KeyPath.parse(place), Long.class, -1L);
    }

    @Override
    public boolean contains(String place) {
        return view.contains(KeyPath.parse(place));
    }

    @Override
    public long put(String place, long number) {
        Object before = tx().put(KeyPath.parse(place), number);
        return before == null ? -1 : (Long) before;
    }

    @Override
    public void set(String place, long number) {
        tx().set(KeyPath.parse(place), number);
    }

    @Override
    public boolean discard(String place) {
        return tx().discard(KeyPath.parse(place));
    }

    @Override
    public long add(String place, long number) {
        try {
            return tx().update(KeyPath.parse(place), Long.class, before -> before + number);
        } catch (NoSuchPathException e) {
            return -1;
        }
    }

    @Override
    public void commute(String place, long number) {
        tx().commute(KeyPath.parse(place), Long.class, before -> before + number);
    }

    @Override
    public int size(String place) {
        return view.size(KeyPath.parse(place));
    }

    @Override
    public void append(long number) {
        tx().append("l", number);
    }

    @Override
    public void replaceMap(long number) {
        tx().set("m", Map.of("a", number));
    }

    @Override
    public void check(boolean condition) {
        tx().check(condition);
    }

    @Override
    public void orElse(Runnable first, Runnable second) {
        boolean ignored = tx().<Boolean>orElse(
                        tx -> {
                            first.run();
                            return true;
                        },
                        tx -> {
                            second.run();
                            return true;
                        });
    }

    @Override
    public void pause() {
        LockSupport.parkNanos(1_000);
    }

    @Override
    public void undone(Runnable body) {
        try {
            tx().atomically(tx -> {
                body.run();
                throw new Undo();
            });
        } catch (Undo e) {
            // As meant.
        }
    }
}
