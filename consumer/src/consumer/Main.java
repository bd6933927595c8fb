package consumer;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.Json;
import dev.heartwood.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Uses each module once, with nothing of the project but its jars. */
public final class Main {
    private Main() {}

    /** Writes a JSON file and a database into the folder {@code args[0]}, and reads both back. */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        Store memory = Store.of(Map.of("tags", List.of("a"), "user", Map.of("name", "Ada")));
        memory.append("tags", "b");
        try (Store file = JsonFile.open(folder.resolve("state.json"))) {
            file.put(KeyPath.root(), memory.snapshot());
        }
        try (Store file = JsonFile.open(folder.resolve("state.json"));
                Store shared = SqliteStore.open(folder.resolve("shared.db"))) {
            shared.put(KeyPath.root(), file.snapshot());
            String read = Json.write(shared);
            if (!read.equals("{\"tags\":[\"a\",\"b\"],\"user\":{\"name\":\"Ada\"}}")) {
                throw new AssertionError("read back: " + read);
            }
        }
        System.out.println("the consumer works " + args[1]);
    }
}
