package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** A copy of a database that others may be writing to. SQLite makes it: a copy of the bytes could be of two states. */
final class Backup {
    private Backup() {}

    static void of(Path file, Path target) {
        if (Files.exists(target)) {
            throw new StoreIOException(
                    target + " exists already, and a backup overwrites nothing: choose another name", null);
        }
        SqliteOptions options = new SqliteOptions().readOnly();
        Opening opening = new Opening(Place.require(file, options), options);
        try (Session session = opening.reader()) {
            session.copyInto(target.toAbsolutePath().toString());
        } catch (SQLException e) {
            throw Trouble.with("backup of " + file + " into " + target, e);
        }
    }
}
