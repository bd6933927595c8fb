package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of CONTRIBUTING name types and tests that are there. */
class ContributingTest {
    private static final Path TOP = Path.of("..");
    /** A name in code, of a type or of several: {@code Batch*Test} stands for all tests whose names begin and end so. */
    private static final Pattern NAME =
            Pattern.compile("(?<![\\w./$*-])[A-Z*][A-Za-z*]*[a-z*][A-Za-z*]*(?![\\w/(.=-])");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void eachNameInTheTablesIsThatOfATypeOrATest() throws IOException {
        Set<String> types = types();
        Set<String> unknown = new TreeSet<>();
        for (String row : rows()) {
            Matcher code = CODE.matcher(row);
            while (code.find()) {
                Matcher name = NAME.matcher(code.group(1));
                while (name.find()) {
                    String pattern = name.group().replace("*", "\\w*");
                    if (types.stream().noneMatch(type -> type.matches(pattern))) {
                        unknown.add(name.group());
                    }
                }
            }
        }
        assertThat(unknown).as("names of no type").isEmpty();
    }

    /** The rows of the tables that name types: those of the section on changes. */
    private static Set<String> rows() throws IOException {
        String text = Files.readString(TOP.resolve("CONTRIBUTING.md"));
        String section = text.substring(text.indexOf("## Change X, run Y"), text.indexOf("## Style"));
        Set<String> rows =
                section.lines().filter(line -> line.startsWith("| ")).collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows).hasSizeGreaterThan(20);
        return rows;
    }

    private static Set<String> types() throws IOException {
        try (Stream<Path> files = Files.walk(TOP, 12)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".java") && file.contains("src" + java.io.File.separator))
                    .map(file -> Path.of(file).getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
