package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Reads all of a database, and reports its faults. */
final class DatabaseCheck {
    private DatabaseCheck() {}

    static List<String> of(Path file) {
        Json.options(); // refuses a version of Jackson that cannot read the rows
        NativeLibrary.requireSafe();
        DatabaseFile.requireState(file, "there is nothing to check");
        SqliteOptions options = new SqliteOptions().readOnly();
        Path name = DatabaseFile.require(file, options);
        LibraryLease lease = LibraryLease.on(name);
        ConnectionFactory opening = new ConnectionFactory(name, options);
        DatabaseFile place = DatabaseFile.of(name, opening.isStill());
        try (SqliteConnection connection = opening.reader()) {
            List<String> faults = connection.structuralFaults();
            if (faults.isEmpty()) {
                RowTable.readAll(connection, name, new RowSizes(RowTable.LONGEST, Long.MAX_VALUE), HashMap.empty());
            }
            place.requireStill();
            return faults;
        } catch (SQLException e) {
            return List.of(SqliteErrors.with(name, e).getMessage());
        } catch (StoreIOException e) {
            return List.of(String.valueOf(e.getMessage()));
        } finally {
            lease.close();
        }
    }
}
