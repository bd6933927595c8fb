package dev.heartwood.benchmarks;

import dev.heartwood.benchmarks.Figures.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws the tables of a document from measured figures. A table stands between two comments of Markdown:
 *
 * <pre>{@code
 * <!-- figures: hot-paths; ratio: heartwood / naive -->
 * <!-- end of figures -->
 * }</pre>
 *
 * <p>Rows and columns come in the order in which they were measured. A cell that was measured several times shows the median. A
 * ratio is taken within each round: the median of the ratios, and in parentheses the lowest and the highest. It is bold where it is above 1.
 * Below the table stands on which machine it was measured, when, and at which revision.
 */
final class FigureTables {
    private static final Pattern BLOCK = Pattern.compile(
            "<!-- figures: ([^;>]+?)((?:; ratio: [^;>]+?)*) -->\n.*?<!-- end of figures -->", Pattern.DOTALL);
    private static final Pattern RATIO = Pattern.compile("; ratio: ([^;>/]+?) / ([^;>]+)");

    private final Map<String, Map<String, Map<String, List<Figure>>>> tables = new LinkedHashMap<>();
    private final Map<String, Map<String, ?>> runs = new LinkedHashMap<>();

    /** Reads every file of figures in a directory. */
    static FigureTables of(Path directory) throws IOException {
        FigureTables tables = new FigureTables();
        if (!Files.isDirectory(directory)) {
            return tables;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                tables.add(file);
            }
        }
        return tables;
    }

    private void add(Path file) throws IOException {
        Map<String, ?> run = Figures.lines(file).stream()
                .filter(line -> line.containsKey("part"))
                .findFirst()
                .orElse(Map.of());
        for (Figure figure : Figures.read(file)) {
            runs.put(figure.table(), run);
            tables.computeIfAbsent(figure.table(), absent -> new LinkedHashMap<>())
                    .computeIfAbsent(figure.row(), absent -> new LinkedHashMap<>())
                    .computeIfAbsent(figure.column(), absent -> new ArrayList<>())
                    .add(figure);
        }
    }

    /** The document with its tables drawn anew; a table that has not been measured stays as it is. */
    String draw(String document) {
        return BLOCK.matcher(document).replaceAll(found -> {
            String name = found.group(1).strip();
            String body = tables.containsKey(name) ? body(name, found.group(2)) : "";
            return Matcher.quoteReplacement(
                    body.isEmpty()
                            ? found.group()
                            : "<!-- figures: " + found.group(1) + found.group(2) + " -->\n" + body
                                    + "<!-- end of figures -->");
        });
    }

    /** The names of the tables that a document asks for and that have not been measured. */
    Set<String> missing(String document) {
        Set<String> missing = new TreeSet<>();
        Matcher blocks = BLOCK.matcher(document);
        while (blocks.find()) {
            if (!tables.containsKey(blocks.group(1).strip())) {
                missing.add(blocks.group(1).strip());
            }
        }
        return missing;
    }

    private String body(String name, String ratios) {
        Map<String, Map<String, List<Figure>>> rows = tables.getOrDefault(name, Map.of());
        List<String> columns = rows.values().stream()
                .flatMap(row -> row.keySet().stream())
                .distinct()
                .toList();
        List<String[]> pairs = RATIO.matcher(ratios)
                .results()
                .map(ratio ->
                        new String[] {ratio.group(1).strip(), ratio.group(2).strip()})
                .toList();
        Set<String> units = units(rows.values().stream().flatMap(row -> row.values().stream()));
        StringBuilder out =
                new StringBuilder("\n| " + (units.size() == 1 ? units.iterator().next() : ""));
        columns.forEach(column -> out.append(" | ").append(column).append(unitOf(rows, column, units.size() > 1)));
        pairs.forEach(pair -> out.append(" | ").append(pair[0]).append(" / ").append(pair[1]));
        out.append(" |\n")
                .append("| --- ".repeat(1 + columns.size() + pairs.size()))
                .append("|\n");
        rows.forEach((row, cells) -> {
            out.append("| ").append(row);
            boolean namesUnits = units.size() > 1;
            columns.forEach(column -> out.append(" | ")
                    .append(cell(
                            cells.getOrDefault(column, List.of()),
                            namesUnits && unitOf(rows, column, true).isEmpty())));
            pairs.forEach(pair -> out.append(" | ")
                    .append(ratio(cells.getOrDefault(pair[0], List.of()), cells.getOrDefault(pair[1], List.of()))));
            out.append(" |\n");
        });
        return out.append('\n').append(measured(name)).append('\n').toString();
    }

    private static Set<String> units(Stream<List<Figure>> cells) {
        return cells.flatMap(List::stream).map(Figure::unit).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The unit of a column, behind its name, where units differ and the column has one of its own. */
    private static String unitOf(Map<String, Map<String, List<Figure>>> rows, String column, boolean differ) {
        Set<String> units = units(rows.values().stream().map(row -> row.getOrDefault(column, List.of())));
        String unit = units.size() == 1 ? units.iterator().next() : "";
        return differ && !unit.isEmpty() ? ", " + unit : "";
    }

    private static String cell(List<Figure> figures, boolean withUnit) {
        if (figures.isEmpty()) {
            return "";
        }
        double[] values = figures.stream().mapToDouble(Figure::value).toArray();
        return number(median(values)) + (withUnit ? " " + figures.get(0).unit() : "");
    }

    private static String ratio(List<Figure> ours, List<Figure> theirs) {
        int rounds = Math.min(ours.size(), theirs.size());
        if (rounds == 0) {
            return "";
        }
        double[] ratios = IntStream.range(0, rounds)
                .mapToDouble(i -> ours.get(i).value() / theirs.get(i).value())
                .toArray();
        double median = median(ratios);
        String shown = String.format(Locale.ROOT, "%.2f", median);
        String spread =
                rounds == 1 ? "" : String.format(Locale.ROOT, " (%.2f to %.2f)", ratios[0], ratios[ratios.length - 1]);
        return (median > 1.005 ? "**" + shown + "**" : shown) + spread;
    }

    /** Sorts the values, too. */
    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }

    private String measured(String name) {
        Map<String, ?> run = runs.getOrDefault(name, Map.of());
        Stream<String> words = Stream.of("part", "date", "revision", "jdk", "machine")
                .filter(run::containsKey)
                .map(member ->
                        member.equals("part") ? "part `" + run.get(member) + "`" : String.valueOf(run.get(member)));
        return "(" + words.collect(Collectors.joining(", ")) + ")\n";
    }
}
