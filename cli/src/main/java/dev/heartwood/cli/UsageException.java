package dev.heartwood.cli;

/** The command cannot be carried out as it was given. Nothing was changed. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
