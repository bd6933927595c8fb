package dev.heartwood.stress.broken;

import dev.heartwood.CommitRecorder;
import dev.heartwood.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** Takes the next place of a record, and then fills it, for whichever thread comes. */
public final class CountThenStore implements CommitRecorder {
    private final Snapshot[] states = new Snapshot[8];
    private volatile int size;

    /** An empty record. */
    public CountThenStore() {}

    @Override
    public void startFrom(Snapshot base) {
        size = 0;
    }

    @Override
    public void record(Snapshot before, Snapshot after) {
        int place = size;
        states[place] = after;
        size = place + 1;
    }

    @Override
    public void missed(long upTo) {}

    /** The states that were recorded. */
    public List<Snapshot> states() {
        List<Snapshot> copy = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            copy.add(states[i]);
        }
        return copy;
    }
}
