package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of this module are those that their pages name, and go one way. */
class PackageArrowsTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "heartwood", "file");
    private static final Pattern USES = Pattern.compile("<p>Uses: ([^.]*)\\.");
    private static final Pattern NAME = Pattern.compile("\\{@code (\\w+)}");
    private static final Pattern OTHER = Pattern.compile("\\bdev\\.heartwood\\.file\\.([a-z]\\w*)\\.[A-Z]");
    private static final Pattern ROOT = Pattern.compile("\\bdev\\.heartwood\\.file\\.[A-Z]");
    private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+)");

    @Test
    void eachPackageUsesExactlyThoseThatItsPageNames() throws IOException {
        for (String name : packages()) {
            assertThat(used(name)).as("package %s", name).isEqualTo(named(name));
        }
    }

    @Test
    void noPackageUsesTheOneWithThePublicNames() throws IOException {
        for (String name : packages()) {
            for (Path file : name.isEmpty() ? List.<Path>of() : files(name)) {
                assertThat(ROOT.matcher(Files.readString(file)).find())
                        .as("%s", file)
                        .isFalse();
            }
        }
    }

    @Test
    void theArrowsGoOneWay() throws IOException {
        Map<String, Set<String>> left = new TreeMap<>();
        for (String name : packages()) {
            left.put(name, new HashSet<>(used(name)));
        }
        boolean found = true;
        while (found) {
            found = left.values().removeIf(Set::isEmpty);
            left.values().forEach(arrows -> arrows.retainAll(left.keySet()));
        }
        assertThat(left).as("packages in a circle, or above one").isEmpty();
    }

    @Test
    void onlyTheOneWithThePublicNamesIsExported() throws IOException {
        String module = Files.readString(Path.of("src", "main", "java", "module-info.java"));
        assertThat(EXPORTS.matcher(module).results().map(match -> match.group(1)))
                .containsExactly("dev.heartwood.file");
    }

    private static List<String> packages() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            return all.filter(Files::isDirectory)
                    .map(folder -> SOURCES.relativize(folder).toString())
                    .toList();
        }
    }

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.list(SOURCES.resolve(name))) {
            return all.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** The packages that imports, or names in full, lead to; a page of its own may link to its types. */
    private static Set<String> used(String name) throws IOException {
        Set<String> used = new TreeSet<>();
        for (Path file : files(name)) {
            Matcher other = OTHER.matcher(Files.readString(file));
            while (other.find()) {
                used.add(other.group(1));
            }
        }
        used.remove(name);
        return used;
    }

    private static Set<String> named(String name) throws IOException {
        String page = Files.readString(SOURCES.resolve(name).resolve("package-info.java"));
        Matcher uses = USES.matcher(page);
        assertThat(uses.find()).as("a line of what %s uses", name).isTrue();
        return new TreeSet<>(NAME.matcher(uses.group(1))
                .results()
                .map(match -> match.group(1))
                .toList());
    }
}
