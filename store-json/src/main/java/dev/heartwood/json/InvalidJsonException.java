package dev.heartwood.json;

/** A fault in a text, before its place is known: it becomes a {@link JsonException}, and never leaves the package. */
final class InvalidJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidJsonException(String reason) {
        super(reason, null, false, false);
    }
}
