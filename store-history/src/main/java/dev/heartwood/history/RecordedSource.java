package dev.heartwood.history;

/** The record of a store, without the store. */
final class RecordedSource implements Source {
    private final Records records;

    RecordedSource(Records records) {
        this.records = records;
    }

    @Override
    public Records records() {
        return records;
    }

    @Override
    public UndoLog undoLog() {
        throw new IllegalStateException(
                "this history was read from a file or copied, so it has no store in which to undo a commit: open the"
                        + " store, and its history with History.of(store)");
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
