package dev.heartwood;

/**
 * A function or body gave another outcome when it was run a second time on the same state: see
 * {@link StoreOptions#strict}. Nothing was committed.
 */
public final class ImpureFunctionException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final KeyPath path;

    ImpureFunctionException(KeyPath path, String difference) {
        super("two runs on the same state differ: " + difference
                + ". A function or body may run more than once, so it must depend only on its arguments, and change only"
                + " its transaction; for ids and clocks use tx.once(() -> ...)");
        this.path = path;
    }

    /** The first place at which the two runs differ; the root where they differ in something other than the tree. */
    public KeyPath path() {
        return path;
    }
}
