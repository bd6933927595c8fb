package dev.heartwood.json;

/** What is wrong with a text, before it is known where: becomes a {@link JsonException}, and never leaves the package. */
final class InvalidJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidJsonException(String reason) {
        super(reason, null, false, false);
    }
}
