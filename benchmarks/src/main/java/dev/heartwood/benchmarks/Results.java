package dev.heartwood.benchmarks;

import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures for programs: one line of JSON each, {@code {"table":…,"row":…,"column":…,"value":…,"unit":…}}, appended to the file
 * that {@code -Dheartwood.results=FILE} names. Without that, nothing is written.
 */
final class Results {
    private Results() {}

    static void add(String table, String row, String column, double value, String unit) throws IOException {
        String file = System.getProperty("heartwood.results");
        if (file == null) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("table", table);
        line.put("row", row);
        line.put("column", column);
        line.put("value", value);
        line.put("unit", unit);
        Files.writeString(
                Path.of(file), Json.write(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
