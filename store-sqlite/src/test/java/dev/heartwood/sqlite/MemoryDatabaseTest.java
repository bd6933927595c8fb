package dev.heartwood.sqlite;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.json.Json;
import dev.heartwood.testkit.RootContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The contract of roots, on a database in memory. */
class MemoryDatabaseTest extends RootContract {
    @Override
    public Root create(Map<String, ?> tree) {
        Root root = SqliteRoot.open(
                Database.open(Path.of(Database.MEMORY), SqliteStore.options()),
                Json.options().dialect());
        Snapshot empty = root.head();
        Snapshot after =
                root.timeline().state(1, empty.edit(tx -> tree.forEach(tx::put)).root());
        root.compareAndSet(empty, after, () -> List.of(new Edit.Put(KeyPath.root(), after.root())));
        root.settle(after);
        return root;
    }
}
