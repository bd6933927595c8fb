package dev.heartwood.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A naive single-threaded model of the store: numbers in a map, copied before each step that may be undone. The
 * programs of a history are run against it one after the other.
 */
final class HistoryModel implements HistoryProgram.Cells {
    /** Programs may not let the sum of the places below {@code /g} fall below this. */
    static final long LEAST_SUM = 0;

    private Map<String, Long> numbers;
    private int length;

    private HistoryModel(Map<String, Long> numbers, int length) {
        this.numbers = numbers;
        this.length = length;
    }

    /** The tree from which a history starts. */
    static Map<String, @Nullable Object> tree() {
        return new HashMap<>(Map.of(
                "x", 1, "y", 2, "m", Map.of("a", 3), "c", 0, "l", List.of(), "g", Map.of("a", 3, "b", 3), "count", 0));
    }

    static HistoryModel start() {
        return new HistoryModel(
                new TreeMap<>(Map.of("/x", 1L, "/y", 2L, "/m/a", 3L, "/c", 0L, "/g/a", 3L, "/g/b", 3L)), 0);
    }

    /** The outcome of a program that runs alone. */
    record Outcome(Kind kind, List<String> told, HistoryModel after) {}

    /** How a program ends. */
    enum Kind {
        COMMITTED,
        CHANGED_NOTHING,
        REFUSED_BY_A_GUARD,
        WAITS
    }

    /** Runs a program on a copy of this. */
    Outcome run(HistoryProgram program) {
        HistoryModel copy = new HistoryModel(new TreeMap<>(numbers), length);
        List<String> told;
        try {
            told = program.run(copy);
        } catch (Waits e) {
            return new Outcome(Kind.WAITS, List.of(), this);
        }
        if (copy.number("/g/a") + copy.number("/g/b") < LEAST_SUM) {
            return new Outcome(Kind.REFUSED_BY_A_GUARD, List.of(), this);
        }
        return program.writes()
                ? new Outcome(Kind.COMMITTED, told, copy)
                : new Outcome(Kind.CHANGED_NOTHING, told, this);
    }

    /** All numbers by their places, and the length of the list. */
    Map<String, Long> contents() {
        Map<String, Long> all = new TreeMap<>(numbers);
        all.put("/l", (long) length);
        return all;
    }

    private static final class Waits extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private long number(String place) {
        return numbers.getOrDefault(place, -1L);
    }

    @Override
    public long get(String place) {
        return number(place);
    }

    @Override
    public boolean contains(String place) {
        return numbers.containsKey(place);
    }

    @Override
    public long put(String place, long number) {
        Long before = numbers.put(place, number);
        return before == null ? -1 : before;
    }

    @Override
    public void set(String place, long number) {
        numbers.put(place, number);
    }

    @Override
    public boolean discard(String place) {
        return numbers.remove(place) != null;
    }

    @Override
    public long add(String place, long number) {
        Long after = numbers.computeIfPresent(place, (key, before) -> before + number);
        return after == null ? -1 : after;
    }

    @Override
    public void commute(String place, long number) {
        numbers.merge(place, number, Long::sum);
    }

    @Override
    public int size(String place) {
        return place.equals("/l")
                ? length
                : (int) numbers.keySet().stream()
                        .filter(key -> key.startsWith(place + "/"))
                        .count();
    }

    @Override
    public void append(long number) {
        length++;
    }

    @Override
    public void replaceMap(long number) {
        numbers.keySet().removeIf(key -> key.startsWith("/m/"));
        numbers.put("/m/a", number);
    }

    @Override
    public void check(boolean condition) {
        if (!condition) {
            throw new Waits();
        }
    }

    @Override
    public void orElse(Runnable first, Runnable second) {
        Map<String, Long> before = new TreeMap<>(numbers);
        int lengthBefore = length;
        try {
            first.run();
        } catch (Waits e) {
            numbers = before;
            length = lengthBefore;
            second.run();
        }
    }

    @Override
    public void undone(Runnable body) {
        Map<String, Long> before = new TreeMap<>(numbers);
        int lengthBefore = length;
        body.run();
        numbers = before;
        length = lengthBefore;
    }

    @Override
    public void pause() {}

    @Override
    public String toString() {
        return new ArrayList<>(contents().entrySet()).toString();
    }
}
