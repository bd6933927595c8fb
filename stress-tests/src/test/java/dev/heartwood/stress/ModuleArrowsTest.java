package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows between the modules of the library go one way, in the module declarations and in the POMs. */
class ModuleArrowsTest {
    private static final Path TOP = Path.of("..");

    /** Each module, and the modules of the project that it may use. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("json", Set.of("core")),
            Map.entry("history", Set.of("core", "json")),
            Map.entry("inspector", Set.of("core", "history", "json")),
            Map.entry("junit", Set.of("core", "json", "history", "inspector")),
            Map.entry("storage", Set.of("core", "json")),
            Map.entry("file", Set.of("core", "json", "history", "storage")),
            Map.entry("sqlite", Set.of("core", "json", "storage")),
            Map.entry("log", Set.of("core", "json", "history", "storage")),
            Map.entry("log-testkit", Set.of("json", "log", "testkit")),
            Map.entry("postgres", Set.of("core", "log")),
            Map.entry("etcd", Set.of("core", "json", "log")),
            Map.entry("redis", Set.of("core", "log")),
            Map.entry("cli", Set.of("core", "json", "file", "sqlite", "history", "inspector", "log")),
            Map.entry("testkit", Set.of("core")));

    /** Modules that are run, and not used by others. */
    private static final Set<String> PROGRAMS = Set.of("cli");
    /** Modules that are not used outside this repository. */
    private static final Set<String> NOT_PUBLISHED =
            Set.of("bom", "test-support", "stress-tests", "benchmarks", "examples");

    /** Each integration, its folder, and the modules of the project that its users get along with it. */
    private static final Map<String, Integration> INTEGRATIONS = Map.of(
            "adk", new Integration("adk", Set.of("core", "json")),
            "jackson3", new Integration("jackson3", Set.of("core", "json")),
            "kotlin", new Integration("kotlin", Set.of("core")),
            "langchain4j", new Integration("langchain4j", Set.of("core", "json")),
            "langgraph4j", new Integration("langgraph4j", Set.of("core", "json")),
            "micrometer", new Integration("micrometer", Set.of("core")),
            "spring-boot-starter", new Integration("spring-boot", Set.of("core", "json", "file")),
            "spring-boot3-starter", new Integration("spring-boot3", Set.of("core")));

    private record Integration(String folder, Set<String> modules) {}

    private static final Pattern REQUIRES = Pattern.compile("requires [a-z ]*dev\\.heartwood\\.([\\w.]+);");
    private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>dev\\.heartwood</groupId>\\s*<artifactId>heartwood-([\\w-]+)</artifactId>\\s*</dependency>");

    @Test
    void theModuleDeclarationsHaveExactlyTheseArrows() throws IOException {
        for (Map.Entry<String, Set<String>> module : ARROWS.entrySet()) {
            Path declaration = folder(module.getKey()).resolve(Path.of("src", "main", "java", "module-info.java"));
            assertThat(found(declaration, REQUIRES)).as("%s", declaration).isEqualTo(module.getValue());
        }
    }

    @Test
    void thePomsHaveExactlyTheseArrows() throws IOException {
        for (Map.Entry<String, Set<String>> module : ARROWS.entrySet()) {
            Path pom = folder(module.getKey()).resolve("pom.xml");
            assertThat(found(pom, DEPENDENCY)).as("%s", pom).isEqualTo(module.getValue());
        }
    }

    @Test
    void thePomsOfIntegrationsHaveExactlyTheseArrows() throws IOException {
        for (Integration integration : INTEGRATIONS.values()) {
            Path pom = TOP.resolve(Path.of("integrations", integration.folder(), "pom.xml"));
            assertThat(found(pom, DEPENDENCY)).as("%s", pom).isEqualTo(integration.modules());
        }
    }

    @Test
    void thePublicPackagesAreTheOnesThatAreComparedWithTheLastRelease() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (String module : ARROWS.keySet()) {
            packages.addAll(found(folder(module).resolve(Path.of("src", "main", "java", "module-info.java")), EXPORTS));
        }
        for (Integration integration : INTEGRATIONS.values()) {
            Path folder = TOP.resolve(Path.of("integrations", integration.folder()));
            Path declaration = folder.resolve(Path.of("src", "main", "java", "module-info.java"));
            packages.addAll(
                    Files.exists(declaration)
                            ? found(declaration, EXPORTS)
                            : found(folder.resolve("pom.xml"), Pattern.compile("<Automatic-Module-Name>([\\w.]+)<")));
        }
        assertThat(found(TOP.resolve("pom.xml"), Pattern.compile("<include>(dev\\.heartwood[\\w.]*)</include>")))
                .isEqualTo(packages);
    }

    @Test
    void theBillOfMaterialsNamesEachModule() throws IOException {
        Set<String> named = found(
                TOP.resolve(Path.of("bom", "pom.xml")), Pattern.compile("<artifactId>heartwood-(?!bom)([\\w-]+)<"));
        Set<String> libraries = new TreeSet<>(ARROWS.keySet());
        libraries.addAll(INTEGRATIONS.keySet());
        libraries.removeAll(PROGRAMS);
        assertThat(named).isEqualTo(libraries);
    }

    @Test
    void eachModuleOfTheBuildHasItsArrowsHereOrIsNotPublished() throws IOException {
        Set<String> built = found(TOP.resolve("pom.xml"), Pattern.compile("<module>(?:store-)?([\\w-]+)</module>"));
        built.removeAll(NOT_PUBLISHED);
        assertThat(built).isEqualTo(ARROWS.keySet());
    }

    private static Path folder(String module) {
        return TOP.resolve(PROGRAMS.contains(module) ? module : "store-" + module);
    }

    private static Set<String> found(Path file, Pattern pattern) throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
