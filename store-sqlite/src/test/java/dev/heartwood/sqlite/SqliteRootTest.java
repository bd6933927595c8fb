package dev.heartwood.sqlite;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import dev.heartwood.testkit.Hold;
import dev.heartwood.testkit.RootContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** The contract of roots, on a file. */
class SqliteRootTest extends RootContract {
    @TempDir
    Path directory;

    private final Map<Root, Path> files = new HashMap<>();

    @Override
    public Root create(Map<String, ?> tree) {
        Path file = directory.resolve(files.size() + ".db");
        try (Store store = SqliteStore.open(file)) {
            store.batch(tx -> tree.forEach(tx::put));
        }
        return open(file);
    }

    @Override
    public boolean rollsBackUnnoticed() {
        return true;
    }

    @Override
    public Optional<Root> join(Root root) {
        return Optional.of(open(files.get(root)));
    }

    @Override
    public Optional<Root> reopen(Root root) {
        return join(root);
    }

    /** Somebody else has the lock; by committing first they take back what was accepted. */
    @Override
    public Optional<Hold> hold(Root root) {
        try {
            Connection other = Sql.connect(files.get(root));
            Statement statement = other.createStatement();
            statement.execute("BEGIN IMMEDIATE");
            return Optional.of(new Hold() {
                @Override
                public void release() {
                    end("ROLLBACK");
                }

                @Override
                public boolean takeBack() {
                    end("UPDATE meta SET ver = ver + 1", "COMMIT");
                    return true;
                }

                private void end(String... statements) {
                    try (other) {
                        for (String sql : statements) {
                            statement.execute(sql);
                        }
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Root open(Path file) {
        Root root = SqliteRoot.open(
                Database.open(file, SqliteStore.options()), Json.options().dialect());
        files.put(root, file);
        return root;
    }
}
