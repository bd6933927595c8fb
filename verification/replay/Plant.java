import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A planted fault: a text of one source file, the text that replaces it, and the test that must turn red then. Its file has
 * headers, and the two texts:
 *
 * <pre>
 * file: store-core/src/main/java/dev/heartwood/Timeline.java
 * test: store-core WatchRaceTest#aMethod
 * guarantee: Notification
 * fault: The newest state is not looked at again after a registration.
 * slow: the test waits for its timeout
 * jvm: -Da.property=true
 * &lt;&lt;&lt;&lt; old
 * if (newest.get() == base) {
 * ====
 * if (true) {
 * &gt;&gt;&gt;&gt; new
 * </pre>
 *
 * @param name the file's name, without its ending
 * @param file the source file, from the top of the repository
 * @param module the module whose test turns red, a folder
 * @param test a class of tests, and perhaps the method: {@code Class#method}
 * @param guarantee the section of docs/guarantees.md that the fault breaks
 * @param fault one sentence: the code with the fault
 * @param isSlow whether it has the header {@code slow}, and so is not among the few of continuous integration
 * @param jvm an option for the JVM of the test; empty for none
 * @param before a text that the source has exactly once
 * @param after the text in its place
 */
record Plant(
        String name,
        String file,
        String module,
        String test,
        String guarantee,
        String fault,
        boolean isSlow,
        String jvm,
        String before,
        String after) {

    /** All plants of a repository, by name. */
    static List<Plant> all(Path top) throws IOException {
        try (Stream<Path> files = Files.list(top.resolve("verification/plants"))) {
            List<Plant> plants = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(".plant"))
                    .sorted()
                    .toList()) {
                plants.add(read(file));
            }
            return plants;
        }
    }

    /** The plants with these names, all of them if there is no name. */
    static List<Plant> named(Path top, List<String> names) throws IOException {
        List<Plant> all = all(top);
        for (String name : names) {
            if (all.stream().noneMatch(plant -> plant.name.equals(name))) {
                throw new IllegalArgumentException("there is no verification/plants/" + name + ".plant");
            }
        }
        return names.isEmpty()
                ? all
                : all.stream().filter(plant -> names.contains(plant.name)).toList();
    }

    private static Plant read(Path file) throws IOException {
        String text = Files.readString(file);
        int begin = text.indexOf("<<<< old\n");
        int middle = text.indexOf("\n====\n", begin);
        int end = text.indexOf(">>>> new", middle);
        if (begin < 0 || middle < 0 || end < 0) {
            throw new IllegalArgumentException(
                    file + ": it needs '<<<< old', '====' and '>>>> new' on lines of their own");
        }
        Map<String, String> headers = new HashMap<>();
        text.substring(0, begin).lines().forEach(line -> {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, Math.max(colon, 0)), line.substring(colon + 2));
        });
        String[] test = header(headers, "test", file).split(" ");
        if (test.length != 2) {
            throw new IllegalArgumentException(file + ": test: MODULE CLASS#METHOD");
        }
        String name = file.getFileName().toString();
        return new Plant(
                name.substring(0, name.length() - ".plant".length()),
                header(headers, "file", file),
                test[0],
                test[1],
                header(headers, "guarantee", file),
                header(headers, "fault", file),
                headers.containsKey("slow"),
                headers.getOrDefault("jvm", ""),
                text.substring(begin + "<<<< old\n".length(), middle),
                withoutLastNewline(text.substring(middle + "\n====\n".length(), end)));
    }

    private static String header(Map<String, String> headers, String key, Path file) {
        String value = headers.get(key);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(file + ": it has no line '" + key + ": ...'");
        }
        return value;
    }

    private static String withoutLastNewline(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** The folder of the module that is changed. */
    String changedModule() {
        return file.substring(0, file.indexOf("/src/"));
    }

    String testClass() {
        return test.contains("#") ? test.substring(0, test.indexOf('#')) : test;
    }

    String testMethod() {
        return test.contains("#") ? test.substring(test.indexOf('#') + 1) : "";
    }

    /** The source with the fault. */
    String applyTo(String source) {
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0) {
            throw new IllegalArgumentException(name + ": " + file + " does not have the old text exactly once");
        }
        return source.substring(0, at) + after + source.substring(at + before.length());
    }

    /** Whether the test is a jcstress suite: those stand in the main code of their module. */
    boolean isSuite(Path top) throws IOException {
        return testFile(top).startsWith(top.resolve(module).resolve("src/main/java"));
    }

    /** The one file with that name in the module, or an exception. */
    Path testFile(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top.resolve(module).resolve("src"))) {
            List<Path> found = files.filter(
                            each -> withoutEnding(each.getFileName().toString()).equals(testClass()))
                    .toList();
            if (found.size() != 1) {
                throw new IllegalArgumentException(
                        name + ": " + module + " has no test " + testClass() + ", or several");
            }
            if (!Files.readString(found.get(0)).contains(testMethod())) {
                requireInherited(top);
            }
            return found.get(0);
        }
    }

    /** A method that the class does not have itself stands in one of the contracts that it extends. */
    private void requireInherited(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(each -> each.toString().endsWith("Contract.java"))
                    .toList()) {
                if (Files.readString(file).contains(" " + testMethod() + "(")) {
                    return;
                }
            }
        }
        throw new IllegalArgumentException(name + ": there is no test " + test);
    }

    /** The full name of the class of tests. */
    String testType(Path top) throws IOException {
        Path file = testFile(top);
        String tests = isKotlin(file.toString()) ? "src/test/kotlin" : "src/test/java";
        Path sources = top.resolve(module).resolve(isSuite(top) ? "src/main/java" : tests);
        return withoutEnding(
                sources.relativize(file).toString().replace('\\', '.').replace('/', '.'));
    }

    static boolean isKotlin(String file) {
        return file.endsWith(".kt");
    }

    /** The name without {@code .java} or {@code .kt}. */
    static String withoutEnding(String name) {
        return name.replaceFirst("\\.(java|kt)$", "");
    }
}
