package dev.heartwood;

import org.jspecify.annotations.Nullable;

/**
 * The body of a batch with a result. It may run more than once, so it must be free of side effects.
 *
 * @param <R> its result
 * @param <E> the checked exception it throws
 */
@FunctionalInterface
public interface TransactionFunction<R extends @Nullable Object, E extends Exception> {
    /** Reads and writes {@code tx}; if it throws, the caller gets that exception, and nothing is committed. */
    R apply(Transaction tx) throws E;
}
