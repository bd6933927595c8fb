package dev.heartwood.benchmarks;

import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results file of the programs of this package, in addition to their printed output: one JSON object per line, in
 * the file that the system property {@value #FILE} names. Without it nothing is written. {@link FigureTables} draws the
 * tables of the documents from such files.
 *
 * <p>The i-th figure of a cell belongs to the i-th round: so ratios are taken within a round.
 */
final class Figures {
    static final String FILE = "heartwood.results";

    private Figures() {}

    /** One measured number: the cell of a table, and the unit of the number. */
    record Figure(String table, String row, String column, double value, String unit) {}

    /** Appends a figure to the file. */
    static void add(String table, String row, String column, double value, String unit) {
        String file = System.getProperty(FILE);
        if (file == null) {
            return;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("table", table);
        members.put("row", row);
        members.put("column", column);
        members.put("value", value);
        members.put("unit", unit);
        append(Path.of(file), members);
    }

    /** Appends a line, which is not a figure where it has no value. */
    static void append(Path file, Map<String, Object> members) {
        try {
            Files.writeString(file, Json.write(members) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the figures cannot be written to " + file, e);
        }
    }

    /** The figures of a file, in the order in which they were measured. */
    static List<Figure> read(Path file) throws IOException {
        return lines(file).stream()
                .filter(line -> line.containsKey("value"))
                .map(line -> new Figure(
                        text(line, "table"), text(line, "row"), text(line, "column"), number(line), text(line, "unit")))
                .toList();
    }

    /** The lines of a file. */
    static List<Map<String, @Nullable Object>> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .<Map<String, @Nullable Object>>map(line -> Json.read(line).toJavaMap())
                .toList();
    }

    private static String text(Map<String, @Nullable Object> line, String member) {
        return String.valueOf(line.get(member));
    }

    private static double number(Map<String, @Nullable Object> line) {
        return line.get("value") instanceof Number number ? number.doubleValue() : Double.NaN;
    }
}
