package dev.heartwood.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cost against size, both in powers of ten, as an SVG: a line for each operation, solid for flat, dashed for nested. */
final class Plot {
    private static final int LEFT = 70;
    private static final int TOP = 20;
    private static final int DECADE = 90;
    private static final int WIDTH = 640;
    private static final List<String> COLOURS =
            List.of("#1b6ca8", "#d1495b", "#2e933c", "#8f2d8b", "#b8860b", "#444444", "#00838f", "#e8743b");

    private final StringBuilder svg = new StringBuilder();
    private final double firstDecade;
    private final double decades;
    private final double sizes;

    private Plot(double firstDecade, double decades, double sizes) {
        this.firstDecade = firstDecade;
        this.decades = decades;
        this.sizes = sizes;
    }

    /** The figures by shape, number of leaves, and operation; memory is left out. */
    static String of(Map<String, Map<Integer, Map<String, Double>>> all) {
        List<Double> values = new ArrayList<>();
        int sizes = 1;
        for (Map<Integer, Map<String, Double>> shape : all.values()) {
            sizes = Math.max(sizes, shape.size() - 1);
            shape.values()
                    .forEach(figures -> figures.forEach((what, value) -> {
                        if (isTime(what)) {
                            values.add(Math.log10(value));
                        }
                    }));
        }
        double low = Math.floor(values.stream().min(Double::compare).orElse(0.0));
        double high = Math.ceil(values.stream().max(Double::compare).orElse(1.0));
        return new Plot(low, high - low, sizes).draw(all);
    }

    private static boolean isTime(String what) {
        return what.contains("ns");
    }

    private String draw(Map<String, Map<Integer, Map<String, Double>>> all) {
        double height = TOP + decades * DECADE + 50;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" font-family=\"sans-serif\""
                        + " font-size=\"12\"><rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                LEFT + WIDTH + 150,
                height));
        for (int decade = 0; decade <= decades; decade++) {
            double y = y(firstDecade + decade);
            line(LEFT, y, LEFT + WIDTH, y, "#dddddd", "");
            text(8, y + 4, String.format(Locale.ROOT, "%,.0f ns", Math.pow(10, firstDecade + decade)), "black");
        }
        for (int size = 0; size <= sizes; size++) {
            text(
                    x(size) - 25,
                    TOP + decades * DECADE + 20,
                    String.format(Locale.ROOT, "%,.0f", Math.pow(10, 3 + size)),
                    "black");
        }
        text(LEFT, height - 8, "leaves; solid: one flat map, dashed: maps of 100 in maps of 100", "black");
        all.forEach((shape, figures) -> curves(figures, shape.equals("flat") ? "" : " stroke-dasharray=\"5 4\""));
        return svg.append("</svg>\n").toString();
    }

    private void curves(Map<Integer, Map<String, Double>> figures, String dashes) {
        List<Map<String, Double>> bySize = new ArrayList<>(figures.values());
        List<String> names =
                bySize.get(0).keySet().stream().filter(Plot::isTime).toList();
        for (int i = 0; i < names.size(); i++) {
            String colour = COLOURS.get(i % COLOURS.size());
            String name = names.get(i);
            for (int size = 1; size < bySize.size(); size++) {
                line(
                        x(size - 1),
                        y(log(bySize.get(size - 1), name)),
                        x(size),
                        y(log(bySize.get(size), name)),
                        colour,
                        dashes + " stroke-width=\"2\"");
            }
            if (dashes.isEmpty()) {
                text(LEFT + WIDTH + 8, TOP + 16 * (i + 1), name, colour);
            }
        }
    }

    private static double log(Map<String, Double> figures, String name) {
        return Math.log10(figures.getOrDefault(name, 1.0));
    }

    private double x(double size) {
        return LEFT + size * WIDTH / sizes;
    }

    private double y(double log) {
        return TOP + (firstDecade + decades - log) * DECADE;
    }

    private void line(double x1, double y1, double x2, double y2, String colour, String more) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                more));
    }

    private void text(double x, double y, String words, String colour) {
        svg.append(
                String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>%n", x, y, colour, words));
    }
}
