package dev.heartwood.inspector;

import dev.heartwood.Snapshot;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The data of a page: the newest state, and the steps that lead to it from the oldest one.
 *
 * @param title the title of the page
 * @param oldest the state before the first step
 * @param newest the state after the last step
 * @param steps oldest first
 * @param longest how many characters of one leaf are kept
 * @param notices sentences about omitted parts
 */
record Recording(
        String title, Snapshot oldest, Snapshot newest, List<RecordedStep> steps, int longest, List<String> notices) {
    /** Longer leaves are cut, from generous to short: the first that lets the newest state fit is taken. */
    private static final int[] LENGTHS = {1_000_000, 20_000, 500};

    /** About how many characters a step needs beside its values: version, origin, marks. */
    private static final int STEP = 120;

    /** The newest part of a history that fits into about so many characters. */
    static Recording of(History history, String title, long size) {
        List<Entry> entries = history.entries();
        List<Snapshot> states = history.states();
        Snapshot newest = entries.isEmpty()
                ? states.get(states.size() - 1)
                : entries.get(entries.size() - 1).state();
        int longest = fitting(newest, size / 2);
        WrittenSize written = new WrittenSize(longest);
        written.add(newest.root());
        Deque<RecordedStep> steps = new ArrayDeque<>();
        Snapshot oldest = newest;
        int left = entries.size();
        for (; left > 0; left--) {
            Entry entry = entries.get(left - 1);
            Deque<RecordedStep> next = new ArrayDeque<>(List.of(RecordedStep.of(entry)));
            if (entry.state() != oldest) {
                // Heartbeats of sessions are no entries, but the page goes from state to state.
                next.addLast(RecordedStep.across(entry.state(), oldest));
            }
            for (RecordedStep step : next) {
                step.changes().forEach(written::add);
                written.add(STEP);
            }
            if (written.characters() > size) {
                break;
            }
            next.descendingIterator().forEachRemaining(steps::addFirst);
            oldest = entry.previous();
        }
        return new Recording(title, oldest, newest, List.copyOf(steps), longest, notices(left, written));
    }

    private static int fitting(Snapshot state, long size) {
        for (int longest : LENGTHS) {
            WrittenSize written = new WrittenSize(longest);
            written.add(state.root());
            if (written.characters() <= size) {
                return longest;
            }
        }
        return LENGTHS[LENGTHS.length - 1];
    }

    private static List<String> notices(int leftOut, WrittenSize written) {
        List<String> notices = new ArrayList<>();
        if (leftOut > 0) {
            notices.add(String.format(
                    java.util.Locale.ROOT,
                    "The oldest %,d commits that were recorded are left out: with them, this page would be too large.",
                    leftOut));
        }
        if (written.cut() > 0) {
            notices.add(String.format(
                    java.util.Locale.ROOT,
                    "Values longer than %,d characters are cut. Each says how long it was.",
                    written.longest()));
        }
        return List.copyOf(notices);
    }
}
