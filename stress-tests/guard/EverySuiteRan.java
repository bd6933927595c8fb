import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fails unless each jcstress suite that was asked for has left its page in the report. jcstress itself exits 0 when
 * nothing matched, and passes over a suite with more actors than the machine has processors without a word.
 *
 * <p>A suite whose name ends in {@code Control} runs a store with a defect: where its fault is {@code required}, it fails
 * also unless the fault was seen, and a suite that cannot see it proves nothing. Else such a control is only named.
 *
 * <p>{@code java EverySuiteRan.java TEST_LIST NAME_REGEX REPORT_DIR required|named}
 */
final class EverySuiteRan {
    /** A line of META-INF/TestList opens with its length and the suite's name: {@code JCTEST28Sdev.heartwood...}. */
    private static final Pattern ENTRY = Pattern.compile("^JCTEST(\\d+)S");

    /** How a page says that an outcome marked ACCEPTABLE_INTERESTING came up. */
    private static final Pattern SEEN = Pattern.compile(">\\s*Interesting\\s*<");

    private EverySuiteRan() {}

    public static void main(String[] args) throws IOException {
        Pattern wanted = Pattern.compile(args[1]);
        Path report = Path.of(args[2]);

        List<String> suites = Files.readAllLines(Path.of(args[0])).stream()
                .map(EverySuiteRan::suite)
                .filter(name -> wanted.matcher(name).find())
                .toList();
        List<String> missing = suites.stream()
                .filter(name -> Files.notExists(report.resolve(name + ".html")))
                .toList();

        if (suites.isEmpty()) {
            fail("no jcstress suite matches " + wanted);
        }
        if (!missing.isEmpty()) {
            fail("these jcstress suites did not run: " + missing + ". One with more actors than the "
                    + Runtime.getRuntime().availableProcessors() + " processors here never does.");
        }
        System.out.println("All " + suites.size() + " jcstress suites ran.");
        requireFaults(
                suites.stream().filter(name -> name.endsWith("Control")).toList(), report, args[3].equals("required"));
    }

    private static void requireFaults(List<String> controls, Path report, boolean required) throws IOException {
        List<String> unseen = new ArrayList<>();
        for (String control : controls) {
            if (!SEEN.matcher(Files.readString(report.resolve(control + ".html")))
                    .find()) {
                unseen.add(control);
            }
        }
        String said = "of " + controls.size() + " controls, these did not show their fault: " + unseen;
        if (required && !unseen.isEmpty()) {
            fail(said);
        }
        System.out.println(unseen.isEmpty() ? "All " + controls.size() + " controls showed their fault." : said);
    }

    private static String suite(String line) {
        Matcher entry = ENTRY.matcher(line);
        if (!entry.find()) {
            throw new IllegalStateException("not an entry of a jcstress test list: " + line);
        }
        return line.substring(entry.end(), entry.end() + Integer.parseInt(entry.group(1)));
    }

    private static void fail(String why) {
        System.err.println("Stress guard: " + why);
        System.exit(1);
    }
}
