package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.Json;
import dev.heartwood.sqlite.SqliteStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opening a JSON file of 200 MB and a SQLite store of a million rows, in time and memory; and changes in the middle of a list of a
 * million.
 *
 * <p>Run it with {@code java -Xmx6g -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.LargeStores [DIRECTORY]}.
 */
public final class LargeStores {
    private static final int ROUNDS = 3;
    private static final int ROWS = 1_000_000;
    private static final int FILE_BYTES = 200_000_000;
    private static final int EDITS = 20;

    private final Path directory;

    private LargeStores(Path directory) {
        this.directory = directory;
    }

    /** Gives a store or a tree, which is kept until its memory has been looked at. */
    private interface Opening {
        Object open();
    }

    /** Prints the figures. */
    public static void main(String[] arguments) throws IOException {
        Path parent = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath();
        Path directory = Files.createTempDirectory(parent, "large-stores");
        try {
            LargeStores stores = new LargeStores(directory);
            stores.json();
            stores.sqlite();
            stores.list();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void json() throws IOException {
        Path file = directory.resolve("large.json");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write("{\n".getBytes(StandardCharsets.UTF_8));
            long bytes = 0;
            for (int i = 0; bytes < FILE_BYTES; i++) {
                byte[] record = ((i == 0 ? "" : ",\n") + "  \"user" + i + "\": {\"name\": \"name " + i
                                + "\", \"visits\": " + i + ", \"rate\": " + i / 8.0 + ", \"tags\": [\"a\", \"b\"]}")
                        .getBytes(StandardCharsets.UTF_8);
                out.write(record);
                bytes += record.length;
            }
            out.write("\n}\n".getBytes(StandardCharsets.UTF_8));
        }
        for (int round = 0; round < ROUNDS; round++) {
            opening("Json.read, a file of 200 MB", () -> Json.read(file));
            opening("JsonFile.open, a file of 200 MB", () -> JsonFile.open(file));
        }
    }

    private void sqlite() {
        Path file = directory.resolve("many.db");
        try (Store store = SqliteStore.open(file)) {
            for (int part = 0; part < 10; part++) {
                int first = part * (ROWS / 10);
                store.batch(tx -> {
                    for (int i = first; i < first + ROWS / 10; i++) {
                        tx.set("user" + i, Map.of("name", "name " + i, "visits", i));
                    }
                });
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            opening("SqliteStore.open, 1,000,000 rows", () -> SqliteStore.open(file));
        }
    }

    private static void opening(String what, Opening opening) {
        long before = used();
        long start = System.nanoTime();
        Object opened = opening.open();
        double seconds = (System.nanoTime() - start) / 1e9;
        double megabytes;
        try {
            megabytes = (used() - before) / 1e6;
        } finally {
            Reference.reachabilityFence(opened);
        }
        if (opened instanceof Store store) {
            store.close();
        }
        System.out.printf(Locale.ROOT, "%-40s %6.2f s %7.0f MB%n", what, seconds, megabytes);
        Figures.add("large-openings", what, "time", seconds, "s");
        Figures.add("large-openings", what, "memory", megabytes, "MB");
    }

    private void list() {
        List<Object> numbers =
                IntStream.range(0, ROWS).mapToObj(i -> (Object) (long) i).collect(Collectors.toList());
        Store store = Store.of(Map.of("list", numbers));
        KeyPath list = KeyPath.of("list");
        KeyPath middle = KeyPath.of("list", ROWS / 2);
        for (int round = 0; round < ROUNDS; round++) {
            edits("append", () -> store.append(list, 0L));
            edits("replace in the middle", () -> store.put(middle, 1L));
            edits("insert in the middle", () -> store.insert(middle, 0L));
            edits("remove from the middle", () -> store.remove(middle));
            List<Object> copy = new ArrayList<>(numbers);
            edits("java.util.ArrayList, copied and inserted in the middle", () -> {
                List<Object> next = new ArrayList<>(copy);
                next.add(ROWS / 2, 0L);
                last = next;
            });
        }
    }

    private static void edits(String what, Runnable edit) {
        for (int i = 0; i < EDITS; i++) {
            edit.run();
        }
        long start = System.nanoTime();
        for (int i = 0; i < EDITS; i++) {
            edit.run();
        }
        double micros = (System.nanoTime() - start) / 1e3 / EDITS;
        System.out.printf(Locale.ROOT, "a list of a million: %-30s %9.1f µs%n", what, micros);
        Figures.add("long-list", what, "a list of 1,000,000", micros, "µs");
    }

    /** The newest copy, so that it is not optimised away. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Object last;

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
