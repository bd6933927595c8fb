package dev.heartwood.inspector;

import dev.heartwood.Origins;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import helpdesk.HelpDesk;

/** A store with a past that has a bit of everything: authors, labels, lists, moves, big numbers. */
final class SampleStore implements AutoCloseable {
    final Store store;
    final History history;

    private SampleStore(Store store) {
        this.store = store;
        this.history = History.options().of(store);
    }

    /** A small help desk: version 1 is its first state, and 2 the first commit that the history has. */
    static SampleStore helpDesk() {
        Store store = Store.options().origins(Origins.WHERE).create();
        HelpDesk.opens(store);
        SampleStore sample = new SampleStore(store);
        HelpDesk.works(store);
        return sample;
    }

    /** More commits, by four authors, at random: for looks. */
    SampleStore busy(int commits) {
        HelpDesk.isBusy(store, commits);
        return this;
    }

    @Override
    public void close() {
        history.close();
        store.close();
    }
}
