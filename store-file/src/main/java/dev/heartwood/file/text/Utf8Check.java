package dev.heartwood.file.text;

import dev.heartwood.StoreException;
import dev.heartwood.file.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Refuses a file that is no text in UTF-8. A reader that guesses encodings would read UTF-16, and the store would write UTF-8 over it. */
public final class Utf8Check {
    /** The first bytes of each SQLite database. */
    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private Utf8Check() {}

    /** Refuses a file by its first bytes. */
    public static void require(Disk disk, Path file) throws IOException {
        try (InputStream in = disk.read(file)) {
            require(in.readNBytes(SQLITE.length));
        }
    }

    /** The same for a text, or its first bytes. */
    public static void require(byte[] text) {
        if (text.length >= SQLITE.length && Arrays.equals(text, 0, SQLITE.length, SQLITE, 0, SQLITE.length)) {
            throw new SqliteDatabaseException();
        }
        for (int i = 0; i < Math.min(4, text.length); i++) {
            if (text[i] == 0 || (i < 1 && (text[i] == (byte) 0xFE || text[i] == (byte) 0xFF))) {
                throw new StoreException("byte " + (i + 1) + " is " + (text[i] & 0xFF)
                        + ", which no JSON file in UTF-8 has there: it is in UTF-16 or UTF-32, or no text at all");
            }
        }
    }

    /** The file is another kind of store: it cannot be edited into JSON. */
    public static final class SqliteDatabaseException extends StoreException {
        private static final long serialVersionUID = 1L;

        private SqliteDatabaseException() {
            super("it is a SQLite database, which SqliteStore opens");
        }
    }
}
