package dev.heartwood;

/** Exceptions that come out unchanged through methods that cannot declare them. */
final class Exceptions {
    private Exceptions() {}

    /** Throws {@code e}; the result is for the compiler, which then knows that nothing comes after. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> RuntimeException rethrow(Throwable e) throws E {
        throw (E) e;
    }
}
