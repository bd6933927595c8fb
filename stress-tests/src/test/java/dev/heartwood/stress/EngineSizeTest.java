package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An engine of the shared log stays small: what engines have in common is in {@code store-log}. */
class EngineSizeTest {
    private static final Path TOP = Path.of("..");
    private static final long MOST_LINES = 300;
    private static final List<String> ENGINES = List.of("store-etcd", "store-postgres", "store-redis");
    private static final Pattern BLOCK_COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern NO_CODE = Pattern.compile("\\s*|\\s*//.*|(?:package|import) .*");
    private static final Pattern ROW = Pattern.compile("\\| `(store-\\w+)` \\| (\\d+) \\|");

    @Test
    void eachEngineHasAtMost300Lines() throws IOException {
        assertThat(sizes().values())
                .hasSize(ENGINES.size())
                .allSatisfy(lines -> assertThat(lines).isPositive().isLessThanOrEqualTo(MOST_LINES));
    }

    @Test
    void thePageOfEnginesTellsTheirSizes() throws IOException {
        String page = Files.readString(TOP.resolve(Path.of("docs", "engines.md")));
        String section = page.substring(page.indexOf("## The size of the engines here"));
        Map<String, Long> told = ROW.matcher(section)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), EngineSizeTest::lines, Math::max, TreeMap::new));
        assertThat(told).isEqualTo(sizes());
    }

    private static long lines(MatchResult row) {
        return Long.parseLong(row.group(2));
    }

    private static Map<String, Long> sizes() throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (String engine : ENGINES) {
            sizes.put(engine, size(TOP.resolve(Path.of(engine, "src", "main"))));
        }
        return sizes;
    }

    /** The lines of code, as the page of engines counts them. */
    private static long size(Path sources) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            // Whatever else is there (SQL, a script) counts, too, except for the declaration of the service.
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("META-INF"))
                    .filter(file -> !file.getFileName().toString().endsWith("-info.java"))
                    .toList();
        }
        long lines = 0;
        for (Path file : files) {
            String code = BLOCK_COMMENT.matcher(Files.readString(file)).replaceAll("");
            lines += code.lines()
                    .filter(line -> !NO_CODE.matcher(line).matches())
                    .count();
        }
        return lines;
    }
}
