package dev.heartwood;

/**
 * Leaves a body that has called {@link Transaction#retry}. An {@code Error}, so that a body that catches exceptions does
 * not mistake it for one; if it is caught all the same, the attempt waits nevertheless.
 */
final class RetrySignal extends Error {
    private static final long serialVersionUID = 1L;

    RetrySignal() {
        super(
                "the batch gives this attempt up, and waits until something that it has read changes",
                null,
                false,
                false);
    }
}
