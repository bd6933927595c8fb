package dev.heartwood.json;

import dev.heartwood.StoreException;

/** A text that is not the expected JSON; the message names the place, the text found there, and the expected text. */
public final class JsonException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    JsonException(String source, int line, int column, String reason) {
        super((source.isEmpty() ? "" : source + ": ") + "line " + line + ", column " + column + ": " + reason);
        this.line = line;
        this.column = column;
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The column in the line, in chars, from 1. */
    public int column() {
        return column;
    }
}
