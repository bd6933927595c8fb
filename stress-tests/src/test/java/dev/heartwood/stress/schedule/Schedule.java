package dev.heartwood.stress.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One order of turns, and the way to the next: the choices are the digits of a counter whose last digit moves first, so
 * that every order comes up once.
 */
final class Schedule {
    private final List<Integer> choices = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final @Nullable Random random;
    private int turn;

    private Schedule(@Nullable Random random) {
        this.random = random;
    }

    /**
     * Runs {@code round} under every schedule.
     *
     * @param most how many there may be: more fail
     * @return how many there were
     */
    static int every(int most, Consumer<Schedule> round) {
        Schedule schedule = new Schedule(null);
        int count = 0;
        do {
            if (++count > most) {
                throw new AssertionError("more than " + most + " schedules");
            }
            schedule.turn = 0;
            try {
                round.accept(schedule);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("under schedule " + schedule + ", the " + count + "th", e);
            }
            schedule.requireAllTaken();
        } while (schedule.next());
        return count;
    }

    /** Runs {@code round} under so many schedules that a seed picks. */
    static void some(int count, long seed, Consumer<Schedule> round) {
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            Schedule schedule = new Schedule(random);
            try {
                round.accept(schedule);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("under schedule " + schedule + " of seed " + seed, e);
            }
        }
    }

    /** The index of the next actor, out of so many. */
    int choose(int width) {
        if (random != null) {
            choices.add(random.nextInt(width));
            return choices.get(turn++);
        }
        if (turn == choices.size()) {
            choices.add(0);
            widths.add(width);
        } else if (widths.get(turn) != width) {
            throw new IllegalStateException("turn " + turn + " had " + widths.get(turn) + " to choose from, and now "
                    + width + ": the bodies are not deterministic");
        }
        return choices.get(turn++);
    }

    private void requireAllTaken() {
        if (turn != choices.size()) {
            throw new IllegalStateException(
                    "ended after " + turn + " turns of " + choices.size() + ": the bodies are not deterministic");
        }
    }

    private boolean next() {
        for (int last = choices.size() - 1; last >= 0; last--) {
            int choice = choices.get(last) + 1;
            if (choice < widths.get(last)) {
                choices.set(last, choice);
                return true;
            }
            choices.remove(last);
            widths.remove(last);
        }
        return false;
    }

    /** The choices taken, one a turn. */
    @Override
    public String toString() {
        return choices.toString();
    }
}
