package dev.heartwood.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The steps of a batch. They are the same at every run and differ only in the values they read. The program runs
 * against the store and against the {@link HistoryModel}, and the results are compared.
 */
final class HistoryProgram {
    /** Places that come and go; each holds a whole number. */
    private static final List<String> CELLS = List.of("/x", "/y", "/m/a", "/m/b");

    private final List<Step> steps;
    private final boolean writes;

    private HistoryProgram(List<Step> steps, boolean writes) {
        this.steps = steps;
        this.writes = writes;
    }

    /** The places and operations that a program uses. */
    interface Cells {
        /** The number at the place; -1 if there is none. */
        long get(String place);

        boolean contains(String place);

        /** Returns the number before; -1 if there was none. */
        long put(String place, long number);

        void set(String place, long number);

        boolean discard(String place);

        /** Returns the number after; if there is no number, does nothing and returns -1. */
        long add(String place, long number);

        void commute(String place, long number);

        int size(String place);

        void append(long number);

        /** Replaces the map by another map with one number. */
        void replaceMap(long number);

        void check(boolean condition);

        void orElse(Runnable first, Runnable second);

        /** Undoes the writes of the body. */
        void undone(Runnable body);

        /** Lets other threads in, where there are any. */
        void pause();
    }

    private interface Step {
        void run(Cells cells, List<String> told);
    }

    /** A program that commits; it may wait. */
    static HistoryProgram writing(Random random) {
        return new HistoryProgram(new Maker(random).program(), true);
    }

    /** A program that commits nothing: it reads a value and puts the same value. */
    static HistoryProgram quiet(Random random) {
        Maker maker = new Maker(random);
        List<Step> steps = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            steps.add(random.nextInt(3) == 0 ? maker.rewrite() : maker.read());
        }
        return new HistoryProgram(steps, false);
    }

    /**
     * A program that reads all places, and leaves a value in the first one. Other programs wait until that value is
     * gone.
     */
    static HistoryProgram spoiling() {
        List<Step> steps = new ArrayList<>();
        CELLS.forEach(cell -> steps.add((cells, told) -> told.add(cell + " is " + cells.get(cell))));
        steps.add((cells, told) -> cells.set(CELLS.get(0), 3));
        return new HistoryProgram(steps, true);
    }

    /** A program that waits until the first place is not spoiled, and commits nothing. */
    static HistoryProgram waitingForTheSpoiled() {
        return new HistoryProgram(List.of(Maker.check(CELLS.get(0))), false);
    }

    /** One read. */
    static HistoryProgram reading(Random random) {
        return new HistoryProgram(List.of(new Maker(random).read()), false);
    }

    /** A program after which no other program waits. */
    static HistoryProgram waking() {
        List<Step> steps = new ArrayList<>();
        CELLS.forEach(cell -> steps.add((cells, told) -> cells.set(cell, 1)));
        return new HistoryProgram(steps, true);
    }

    /** Whether it commits, and counts its commit. */
    boolean writes() {
        return writes;
    }

    /** Runs the program, and returns its results. */
    List<String> run(Cells cells) {
        List<String> told = new ArrayList<>();
        steps.forEach(step -> step.run(cells, told));
        return told;
    }

    /** Makes the steps of one program. */
    private static final class Maker {
        private final Random random;
        /** The places that the program writes. A program that waited for its own value would wait for ever. */
        private final Set<String> written = new HashSet<>();

        Maker(Random random) {
            this.random = random;
        }

        List<Step> program() {
            List<Step> steps = some(0);
            if (random.nextInt(4) == 0) {
                steps.add(check());
            }
            return steps;
        }

        private List<Step> some(int depth) {
            List<Step> steps = new ArrayList<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                steps.add(one(depth));
                if (random.nextInt(3) == 0) {
                    steps.add((cells, told) -> cells.pause());
                }
            }
            return steps;
        }

        private Step one(int depth) {
            return switch (random.nextInt(depth < 2 ? 16 : 12)) {
                case 0, 1, 2 -> write();
                case 3, 4 -> decided();
                case 5 -> commute();
                case 6 -> (cells, told) -> cells.append(1);
                case 7 -> replaceMap();
                case 8, 9 -> guarded();
                case 10, 11 -> read();
                case 12, 13 -> either(depth + 1);
                case 14 -> undone(depth + 1);
                default -> check();
            };
        }

        private Step write() {
            String cell = cell();
            long number = random.nextInt(6);
            written.add(cell);
            return switch (random.nextInt(4)) {
                case 0 -> (cells, told) -> told.add(cell + " was " + cells.put(cell, number));
                case 1 -> (cells, told) -> cells.set(cell, number);
                case 2 -> (cells, told) -> told.add(cell + " discarded " + cells.discard(cell));
                default -> (cells, told) -> told.add(cell + " added to " + cells.add(cell, number));
            };
        }

        /** Writes only if it finds an even number: where it runs again, on another state, it may write nothing. */
        private Step decided() {
            String by = cell();
            Step write = write();
            return (cells, told) -> {
                long number = cells.get(by);
                told.add(by + " decides " + number);
                if (number % 2 == 0) {
                    write.run(cells, told);
                }
            };
        }

        private Step commute() {
            long number = random.nextInt(6);
            return (cells, told) -> cells.commute("/c", number);
        }

        private Step replaceMap() {
            long number = random.nextInt(6);
            CELLS.stream().filter(cell -> cell.startsWith("/m/")).forEach(written::add);
            return (cells, told) -> cells.replaceMap(number);
        }

        /** Writes blindly beside a guard that holds two places together. */
        private Step guarded() {
            String place = random.nextBoolean() ? "/g/a" : "/g/b";
            long number = random.nextInt(9) - 4L;
            return (cells, told) -> cells.set(place, number);
        }

        private Step read() {
            String cell = random.nextInt(4) == 0 ? "/c" : cell();
            return switch (random.nextInt(4)) {
                case 0 -> (cells, told) -> told.add(cell + " there " + cells.contains(cell));
                case 1 -> (cells, told) -> told.add("size of m " + cells.size("/m"));
                case 2 -> (cells, told) -> told.add("size of l " + cells.size("/l"));
                default -> (cells, told) -> told.add(cell + " is " + cells.get(cell));
            };
        }

        private Step rewrite() {
            String cell = cell();
            return (cells, told) -> {
                long number = cells.get(cell);
                told.add(cell + " is " + number);
                if (number >= 0) {
                    told.add(cell + " was " + cells.put(cell, number));
                }
            };
        }

        private Step check() {
            List<String> others =
                    CELLS.stream().filter(cell -> !written.contains(cell)).toList();
            if (others.isEmpty()) {
                return read();
            }
            return check(others.get(random.nextInt(others.size())));
        }

        private static Step check(String cell) {
            return (cells, told) -> {
                long number = cells.get(cell);
                told.add(cell + " checked " + number);
                cells.check(number % 3 != 0);
            };
        }

        private Step either(int depth) {
            List<Step> first = some(depth);
            first.add(check());
            first.addAll(some(depth));
            List<Step> second = some(depth);
            return (cells, told) -> cells.orElse(
                    () -> first.forEach(step -> step.run(cells, told)),
                    () -> second.forEach(step -> step.run(cells, told)));
        }

        private Step undone(int depth) {
            List<Step> part = some(depth);
            return (cells, told) -> cells.undone(() -> part.forEach(step -> step.run(cells, told)));
        }

        private String cell() {
            return CELLS.get(random.nextInt(CELLS.size()));
        }
    }
}
