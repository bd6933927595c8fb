package dev.heartwood.log;

import dev.heartwood.StoreException;

/**
 * The log has another past than this replica: it was restored from a backup, replaced, or has lost entries that were
 * acknowledged. The store refuses further commits; its plain reads show the last state that it has seen. Save the data
 * that you need, and open the store again.
 */
public final class LogReplacedException extends StoreException {
    private static final long serialVersionUID = 1L;

    LogReplacedException(String message) {
        super(message, null);
    }
}
