package dev.heartwood.file.edits;

import dev.heartwood.file.disk.NotWrittenException;
import java.io.IOException;
import java.nio.file.Path;

/** The file must not be replaced yet: somebody else has written into it, and that is not merged yet. Nothing was changed. */
public final class UnmergedEditException extends NotWrittenException {
    private static final long serialVersionUID = 1L;

    public UnmergedEditException(Path file) {
        super(new IOException(file + " is being edited by somebody else"));
    }
}
