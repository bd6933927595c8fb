package dev.heartwood;

/** What its owner holds of a watcher: he keeps the state that it started from, which the watcher itself does not. */
record Watched(Watch watch, Snapshot base) implements Subscription {
    @Override
    public boolean isClosed() {
        return watch.isOver();
    }

    @Override
    public void close() {
        watch.close();
    }
}
