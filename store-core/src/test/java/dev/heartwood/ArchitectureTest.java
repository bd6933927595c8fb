package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the parts of the core go one way. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "heartwood");
    /** They name the mutable types of java.util.concurrent that callers may hand in. */
    private static final Set<String> KNOWS_FOREIGN_TYPES = Set.of("Numbers.java", "OpaqueLeaf.java");

    private static final Set<String> VALUES = Set.of(
            "KeyPath.java",
            "Freeze.java",
            "FreezeFrame.java",
            "Conversions.java",
            "JavaViews.java",
            "TreePrinter.java",
            "PathCopy.java",
            "Edit.java",
            "Diff.java",
            "Differ.java",
            "Change.java",
            "Snapshot.java",
            "ReadWriteSet.java",
            "AccessLog.java",
            "ReadSet.java");

    private static final List<Class<?>> HANDED_OVER = List.of(
            Store.class,
            ScopedStore.class,
            Snapshot.class,
            ScopedView.class,
            Origin.class,
            StoreIdentity.class,
            OriginSource.class,
            KeyPath.class,
            PathPattern.class,
            Ref.class,
            LiveMap.class,
            LiveView.OfKeys.class,
            LiveView.OfValues.class,
            LiveView.OfEntries.class,
            JavaViews.MapView.class,
            JavaViews.ListView.class,
            TypedViews.MapView.class,
            TypedViews.ListView.class,
            Commit.class,
            Update.class,
            Diff.class,
            Change.Added.class,
            Change.Removed.class,
            Change.Replaced.class,
            Token.class,
            Delivery.class,
            StoreOptions.class,
            Guard.class,
            MemoryRoot.class,
            CommitLoop.class);

    @Test
    void theTreeKnowsNothingOfPathsErrorsOrStores() throws IOException {
        assertThat(lines(file -> file.startsWith(SOURCES.resolve("tree")), "import dev.heartwood."))
                .allMatch(line -> line.contains("import dev.heartwood.tree."));
    }

    @Test
    void theValueSideKnowsNothingOfThreads() throws IOException {
        assertThat(lines(
                        file -> isValue(file) && !KNOWS_FOREIGN_TYPES.contains(name(file)),
                        "import java.util.concurrent"))
                .isEmpty();
        assertThat(VALUES).allMatch(name -> Files.exists(SOURCES.resolve(name)));
    }

    @Test
    void thereIsOneLoopThatCommits() throws IOException {
        assertThat(lines(file -> true, "root.compareAndSet("))
                .singleElement()
                .asString()
                .startsWith("CommitLoop.java");
    }

    /** The memory model promises that of final fields alone; which of them are missing, no run on this processor shows. */
    @Test
    void whatAThreadGetsByADataRaceHasFinalFieldsAlone() {
        // Of the thread that publishes a state, and of those that find it published; a sum that each thread may compute
        // anew.
        Set<String> others = Set.of("Snapshot.stepFrom", "KeyPath.hash");
        assertThat(HANDED_OVER.stream()
                        .flatMap(ArchitectureTest::fields)
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .filter(field -> !Modifier.isFinal(field.getModifiers()))
                        .map(field -> field.getDeclaringClass().getSimpleName() + "." + field.getName())
                        .filter(name -> !others.contains(name)))
                .isEmpty();
    }

    private static Stream<Field> fields(Class<?> type) {
        Class<?> above = type.getSuperclass();
        Stream<Field> own = Arrays.stream(type.getDeclaredFields());
        return above == null || !above.getName().startsWith("dev.heartwood.") ? own : Stream.concat(own, fields(above));
    }

    private static boolean isValue(Path file) {
        return file.startsWith(SOURCES.resolve("tree")) || VALUES.contains(name(file));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static List<String> lines(Predicate<Path> which, String text) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> name(file).endsWith(".java") && which.test(file))
                    .flatMap(ArchitectureTest::lines)
                    .filter(line -> line.contains(text))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().map(line -> name(file) + ": " + line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
