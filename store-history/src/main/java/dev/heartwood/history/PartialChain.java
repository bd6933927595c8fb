package dev.heartwood.history;

import dev.heartwood.Origin;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.time.Instant;
import java.util.Map;

/**
 * Fills a chain with states of which only some places are recorded. If the history is limited to some places, a commit
 * that changed none of them is left out. For one thread at a time.
 */
final class PartialChain {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    private final StateChain chain;
    private final RecordedPlaces places;
    private final Timeline timeline = Root.inMemory(Map.of()).timeline();
    private final RecordedTree tree;
    private Snapshot newest;

    /** Starts a chain with a whole state. */
    PartialChain(StateChain chain, RecordedPlaces places, Snapshot base) {
        this.chain = chain;
        this.places = places;
        this.tree = new RecordedTree(places, base);
        this.newest = base;
        chain.start(state(base, base.origin()));
    }

    /** Adds the next whole state. */
    void add(Snapshot state, boolean gap) {
        Object before = tree.recorded();
        boolean sessions = SessionSteps.isOne(newest, state);
        tree.advance(state);
        newest = state;
        if (gap || tree.recorded() != before || !places.isSparse()) {
            chain.append(state(state, gap ? UNKNOWN : state.origin()), gap, sessions);
        }
    }

    /** The present content of the chain. */
    Records records(Instant start) {
        return Records.of(chain, start, places, newest.version());
    }

    private Snapshot state(Snapshot given, Origin origin) {
        Origin shown = places.shown(origin);
        return places.isAll()
                ? timeline.state(given.version(), tree.recorded(), shown)
                : timeline.partialState(given.version(), tree.recorded(), shown);
    }
}
