package dev.heartwood;

/**
 * A function or batch body used the store that runs it. Its reads would not be validated and its writes would be
 * repeated, so it is refused at once; use the argument of the function, or the {@link Transaction}, instead.
 */
public final class ReentrantUseException extends StoreException {
    private static final long serialVersionUID = 1L;

    ReentrantUseException() {
        super("the store is used inside a function or batch that it runs itself:"
                + " use the function's argument or the Transaction, or move the call out of it");
    }
}
