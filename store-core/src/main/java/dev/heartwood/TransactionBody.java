package dev.heartwood;

/**
 * The body of a batch. It may run more than once, so it must be free of side effects.
 *
 * @param <E> the checked exception it throws
 */
@FunctionalInterface
public interface TransactionBody<E extends Exception> {
    /** Reads and writes {@code tx}; if it throws, the caller gets that exception, and nothing is committed. */
    void accept(Transaction tx) throws E;
}
