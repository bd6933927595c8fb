package dev.heartwood.file.disk;

import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A rename for systems on which an open file cannot be replaced, as on Windows. A virus scanner, an indexer or an
 * editor holds the file for a moment, so the rename is tried again for some seconds.
 */
final class PatientRename {
    static final int TRIES = 60;
    static final long PAUSE_MILLIS = 50;

    private PatientRename() {}

    /** A rename that is tried once. */
    interface Move {
        void move(Path from, Path to) throws IOException;
    }

    /** Waits. */
    interface Pause {
        void pause(long millis) throws IOException;
    }

    /**
     * Renames.
     *
     * @throws IOException if it cannot be done, or not for as long as this waits; nothing was renamed
     */
    static void rename(Path from, Path to, Move move, Pause pause) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                move.move(from, to);
                return;
            } catch (NoSuchFileException | AtomicMoveNotSupportedException e) {
                throw e;
            } catch (FileSystemException e) {
                // Access denied and sharing violations; the latter have no type of their own.
                if (tries == TRIES) {
                    throw new IOException(
                            to + " could not be replaced for " + TRIES * PAUSE_MILLIS / 1_000
                                    + " seconds: another program has it open and does not share it. Close it there ("
                                    + IoErrors.inWords(e) + ")",
                            e);
                }
                pause.pause(PAUSE_MILLIS);
            }
        }
    }
}
