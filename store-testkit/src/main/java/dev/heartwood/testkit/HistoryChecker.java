package dev.heartwood.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds one serial order that explains a {@link RecordedHistory}, or says why there is none. Run one after the other in
 * that order, the calls return the recorded results; and a call that ended before another began comes before it.
 *
 * <p>Commits have numbers, so their order is known. The checker places each other call behind the first commit that is
 * possible. That choice is right, since it leaves the most room for later calls, so no search is needed. The running
 * time grows with the number of calls and, for each call, with the number of commits that ran concurrently.
 */
final class HistoryChecker {
    private final List<RecordedHistory.Call> calls;
    private final boolean plainReadsAreFresh;
    /** The states, by the number of commits before them. */
    private final List<HistoryModel> states = new ArrayList<>(List.of(HistoryModel.start()));

    private final List<RecordedHistory.Call> commits;

    private HistoryChecker(List<RecordedHistory.Call> history, boolean plainReadsAreFresh) {
        this.calls = history.stream()
                .sorted(Comparator.comparingLong(RecordedHistory.Call::ended))
                .toList();
        this.plainReadsAreFresh = plainReadsAreFresh;
        this.commits = calls.stream()
                .filter(call -> call.number() > 0)
                .sorted(Comparator.comparingLong(RecordedHistory.Call::number))
                .toList();
    }

    /**
     * Checks a history.
     *
     * @param history its calls, in any order
     * @param plainReadsAreFresh false where a read outside of batches may be behind the commits of other stores
     * @param end the numbers that stand at the places at the end, and the length of the list
     * @return why it cannot be explained; empty if it can
     */
    static Optional<String> fault(
            List<RecordedHistory.Call> history, boolean plainReadsAreFresh, Map<String, Long> end) {
        HistoryChecker checker = new HistoryChecker(history, plainReadsAreFresh);
        String fault = checker.replay();
        if (fault == null) {
            fault = checker.inRealTime();
        }
        Map<String, Long> last = checker.states.get(checker.states.size() - 1).contents();
        if (fault == null && !last.equals(end)) {
            fault = "the tree at the end is " + end + ", and the commits alone make " + last;
        }
        return Optional.ofNullable(fault);
    }

    /** Runs the commits alone, in their order. */
    private @Nullable String replay() {
        for (int i = 0; i < commits.size(); i++) {
            RecordedHistory.Call commit = commits.get(i);
            if (commit.number() != i + 1) {
                return "there are two commits with the number " + commit.number() + ", or none with " + (i + 1);
            }
            HistoryModel.Outcome alone = states.get(i).run(commit.program());
            if (alone.kind() != HistoryModel.Kind.COMMITTED || !alone.told().equals(commit.told())) {
                return "commit " + commit.number() + " was told " + commit.told() + ", and alone on " + states.get(i)
                        + " it is " + alone.kind() + " " + alone.told();
            }
            states.add(alone.after());
        }
        return null;
    }

    /** Gives each call its place in the order, as the calls end. */
    private @Nullable String inRealTime() {
        List<RecordedHistory.Call> begins = new ArrayList<>(calls);
        begins.sort(Comparator.comparingLong(RecordedHistory.Call::began));
        Bounds bounds = new Bounds();
        int begun = 0;
        IdentityHashMap<RecordedHistory.Call, Integer> earliest = new IdentityHashMap<>();
        for (RecordedHistory.Call call : calls) {
            for (; begun < begins.size() && begins.get(begun).began() < call.ended(); begun++) {
                earliest.put(begins.get(begun), bounds.of(begins.get(begun)));
            }
            int from = earliest.getOrDefault(call, 0);
            int at = call.number() > 0 ? (int) call.number() : place(call, from);
            if (at < 0) {
                return "no state explains " + call + "; the first possible one is " + from + ", " + states.get(from);
            }
            if (call.number() > 0 && at <= from) {
                return "commit " + at + " began after a call had ended that knew commit " + from + ": " + call;
            }
            bounds.ended(call, at);
        }
        return null;
    }

    /** The first state that explains a call; -1 for none. */
    private int place(RecordedHistory.Call call, int from) {
        for (int at = from; at < states.size(); at++) {
            if (at > from && commits.get(at - 1).began() > call.ended()) {
                return -1;
            }
            HistoryModel.Outcome alone = states.get(at).run(call.program());
            if (alone.kind() == call.kind()
                    && alone.told().equals(call.told())
                    && !(call.kind() == HistoryModel.Kind.WAITS && isLostWakeUp(call))) {
                return at;
            }
        }
        return -1;
    }

    /** No commit follows the last one for a long time. A thread that still waits then has missed its wake-up. */
    private boolean isLostWakeUp(RecordedHistory.Call call) {
        return states.get(states.size() - 1).run(call.program()).kind() != HistoryModel.Kind.WAITS;
    }

    /** The first state that a call beginning now may see: the latest state seen by any ended call. */
    private final class Bounds {
        private int all;
        private final Map<Integer, Integer> byStore = new HashMap<>();

        int of(RecordedHistory.Call call) {
            return isBehind(call) ? byStore.getOrDefault(call.store(), 0) : all;
        }

        void ended(RecordedHistory.Call call, int at) {
            byStore.merge(call.store(), at, Math::max);
            if (!isBehind(call)) {
                all = Math.max(all, at);
            }
        }

        private boolean isBehind(RecordedHistory.Call call) {
            return call.isPlainRead() && !plainReadsAreFresh;
        }
    }
}
