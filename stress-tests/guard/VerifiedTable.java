import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prints, as Markdown, what the last run of jcstress has verified: a line for each property, which is a class of the module
 * with its suites and their broken controls. With {@code --write FILE} it replaces the table in that file, between
 * the lines that begin with {@code <!-- stress:} and {@code <!-- end of stress}.
 *
 * <p>{@code java VerifiedTable.java SOURCES REPORT_DIR [--write FILE]}
 */
final class VerifiedTable {
    /** A row of a page's results: whether the JVM was fine, and after it the observed states with their colours and counts. */
    private static final Pattern STATUS = Pattern.compile("<td align='center' bgColor='\\w+ *'>([^<]*)</td>");

    private static final Pattern COUNT = Pattern.compile("<td align='right' width='[^']*' bgColor=(#\\w+)>(\\d+)</td>");
    private static final Pattern JAVA = Pattern.compile("java\\.version</td>\\s*<td nowrap>([^<]*)<");

    /** The colour of an outcome that is ACCEPTABLE_INTERESTING: the known fault of a control. */
    private static final String INTERESTING = "#00ffff";

    private final Map<String, Property> properties = new TreeMap<>();
    private final TreeSet<String> javaVersions = new TreeSet<>();

    /** What the pages of one class add up to. */
    private static final class Property {
        private int suites;
        private int controls;
        private int controlsSeen;
        private long samples;
        private long faults;
    }

    public static void main(String[] args) throws IOException {
        VerifiedTable table = new VerifiedTable();
        try (Stream<Path> pages = Files.list(Path.of(args[1]))) {
            for (Path page : pages.filter(each -> each.getFileName().toString().startsWith("dev.heartwood."))
                    .sorted()
                    .toList()) {
                table.add(page);
            }
        }
        if (table.properties.isEmpty()) {
            throw new IllegalStateException("no page of a suite in " + args[1]);
        }
        String text = table.text(Path.of(args[0]));
        if (args.length > 3) {
            replace(Path.of(args[3]), text);
        } else {
            System.out.print(text);
        }
    }

    private void add(Path page) throws IOException {
        String name = page.getFileName().toString().replaceFirst("\\.html$", "");
        String text = Files.readString(page);
        Matcher status = STATUS.matcher(text);
        while (status.find()) {
            if (!status.group(1).equals("OK")) {
                throw new IllegalStateException(name + " did not pass: " + status.group(1));
            }
        }
        Matcher java = JAVA.matcher(text);
        if (java.find()) {
            javaVersions.add(java.group(1));
        }
        boolean control = name.endsWith("Control");
        Property property =
                properties.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), each -> new Property());
        long samples = 0;
        long faults = 0;
        Matcher count = COUNT.matcher(text);
        while (count.find()) {
            samples += Long.parseLong(count.group(2));
            faults += count.group(1).equals(INTERESTING) ? Long.parseLong(count.group(2)) : 0;
        }
        if (control) {
            property.controls++;
            property.controlsSeen += faults > 0 ? 1 : 0;
            property.faults += faults;
        } else {
            property.suites++;
            property.samples += samples;
        }
    }

    private String text(Path sources) throws IOException {
        StringBuilder text = new StringBuilder("JDK " + String.join(", ", javaVersions) + ", "
                + Runtime.getRuntime().availableProcessors() + " processors:\n\n"
                + "| property | suites | samples, none forbidden | broken controls: fault shown | how often |\n"
                + "| --- | --- | --- | --- | --- |\n");
        for (Map.Entry<String, Property> each : properties.entrySet()) {
            Property property = each.getValue();
            Path source = sources.resolve(each.getKey().replace('.', '/') + ".java");
            text.append("| [`%s`](stress-tests/src/main/java/%s.java): %s | %d | %,d | %s | %s |%n"
                    .formatted(
                            each.getKey().substring(each.getKey().lastIndexOf('.') + 1),
                            each.getKey().replace('.', '/'),
                            firstSentence(source),
                            property.suites,
                            property.samples,
                            property.controls == 0 ? "" : property.controlsSeen + " of " + property.controls,
                            property.controls == 0 ? "" : "%,d".formatted(property.faults)));
        }
        return text.toString().replace("\r\n", "\n");
    }

    /** The first sentence of the class's Javadoc, which says the property. */
    private static String firstSentence(Path source) throws IOException {
        String text = Files.readString(source);
        Matcher doc = Pattern.compile(
                        "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*public (?:final )?class",
                        Pattern.DOTALL)
                .matcher(text);
        if (!doc.find()) {
            throw new IllegalStateException("no Javadoc of the class in " + source);
        }
        String plain = doc.group(1)
                .replaceAll("\\s*\\n\\s*\\*\\s?", " ")
                .replaceAll("\\{@(?:code|link) #?([^}]*)}", "`$1`")
                .strip();
        Matcher end = Pattern.compile("\\.(?=\\s|$)").matcher(plain);
        return (end.find() ? plain.substring(0, end.start()) : plain).replace("|", "\\|");
    }

    private static void replace(Path file, String text) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int from = indexOf(lines, "<!-- stress:");
        int to = indexOf(lines, "<!-- end of stress");
        Files.writeString(
                file,
                String.join("\n", lines.subList(0, from + 1)) + "\n\n" + text + "\n"
                        + String.join("\n", lines.subList(to, lines.size())) + "\n");
    }

    private static int indexOf(List<String> lines, String start) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(start)) {
                return i;
            }
        }
        throw new IllegalStateException("no line begins with " + start);
    }
}
