package dev.heartwood.file.disk;

import dev.heartwood.storage.IoErrors;
import java.io.IOException;

/** A write failed or was put off, and the files are as before it, also after a crash. */
public class NotWrittenException extends IOException {
    private static final long serialVersionUID = 1L;

    public NotWrittenException(Throwable cause) {
        super(IoErrors.inWords(cause), cause);
    }
}
