import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A compiled copy of the repository, and a folder for what is compiled with a fault in it. */
final class PlantCopy {
    private static final Pattern CONSTANT = Pattern.compile("\\b[A-Z][A-Z0-9_]+ = ");

    private final Path top;
    private final Path scratch;
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    PlantCopy(Path top, Path scratch) {
        this.top = top.toAbsolutePath();
        this.scratch = scratch.toAbsolutePath();
    }

    Path top() {
        return top;
    }

    Path module(String module) {
        return top.resolve(module);
    }

    /** A folder for what is written meanwhile. */
    Path scratch() {
        return scratch;
    }

    /**
     * Compiles the changed file; the whole module where the plant changes a constant, which stands in the code of others.
     *
     * @return the errors; empty if there are none
     */
    String compile(Plant plant, Path classes) throws IOException {
        Path original = top.resolve(plant.file());
        Path changed =
                Files.createDirectory(scratch.resolve("source-" + plant.name())).resolve(original.getFileName());
        Files.writeString(changed, plant.applyTo(Files.readString(original)));
        if (Plant.isKotlin(plant.file())) {
            return kotlinc(plant.changedModule(), classes, changed);
        }
        List<Path> files = List.of(changed);
        if (CONSTANT.matcher(plant.after()).find() || isInTextBlock(plant, Files.readString(original))) {
            try (Stream<Path> all =
                    Files.walk(top.resolve(plant.changedModule()).resolve("src/main/java"))) {
                files = all.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("module-info.java"))
                        .map(file -> file.equals(original) ? changed : file)
                        .toList();
            }
        }
        return javac(classPath(plant.changedModule()), classes, files);
    }

    /** A text block is a constant, or a part of one: its declaration may stand many lines above the changed one. */
    private static boolean isInTextBlock(Plant plant, String source) {
        return source.substring(0, source.indexOf(plant.before())).split("\"\"\"", -1).length % 2 == 0;
    }

    /** Compiles the program that runs tests, with the libraries of a module. */
    Path compileRunner(String module) throws IOException {
        Path runner = Files.createDirectory(scratch.resolve("runner"));
        String errors = javac(classPath(module), runner, List.of(top.resolve("verification/replay/PlantRunner.java")));
        if (!errors.isEmpty()) {
            throw new IOException(errors);
        }
        return runner;
    }

    /** With the compiler that the tests of the module have, as a part of the module: it may use what is internal there. */
    private String kotlinc(String module, Path classes, Path file) throws IOException {
        String classPath = classPath(module);
        Path compiled = module(module).resolve("target/classes");
        Path output = scratch.resolve("kotlinc-" + file.getFileName() + ".txt");
        Process compiling = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
                        "-no-stdlib",
                        "-no-reflect",
                        "-nowarn",
                        "-jvm-target",
                        "17",
                        "-module-name",
                        kotlinModule(compiled),
                        "-Xfriend-paths=" + compiled,
                        "-cp",
                        classPath,
                        "-d",
                        classes.toString(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            return compiling.waitFor() == 0 ? "" : Files.readString(output).replaceAll("\\s+", " ");
        } catch (InterruptedException e) {
            compiling.destroy();
            throw new IOException("interrupted while " + file + " was compiled", e);
        }
    }

    /** The name that Maven gave the module: internal functions have it in theirs. */
    private static String kotlinModule(Path classes) throws IOException {
        try (Stream<Path> files = Files.list(classes.resolve("META-INF"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".kotlin_module"))
                    .map(name -> name.substring(0, name.length() - ".kotlin_module".length()))
                    .findFirst()
                    .orElseThrow(() -> new IOException(classes + " has no module of Kotlin"));
        }
    }

    private String javac(String classPath, Path classes, List<Path> files) throws IOException {
        var output = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-Xlint:none",
                    "-g",
                    "-parameters",
                    "-cp",
                    classPath,
                    "-d",
                    classes.toString());
            boolean done = compiler.getTask(
                            output, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            return done ? "" : output.toString().replaceAll("\\s+", " ");
        }
    }

    /** The classes of a module, and all that it and its tests need. */
    String classPath(String module) throws IOException {
        Path home = top.resolve(module);
        String libraries =
                Files.readString(home.resolve("target/test.classpath")).strip();
        // Surefire adds the launcher by itself, in the version of the engine, so it stands beside that one.
        String launcher = Stream.of(libraries.split(File.pathSeparator))
                .filter(library -> library.contains("junit-platform-engine"))
                .map(library -> library.replace("junit-platform-engine", "junit-platform-launcher"))
                .filter(library -> Files.exists(Path.of(library)))
                .findFirst()
                .orElseThrow(
                        () -> new IOException("Maven has no junit-platform-launcher yet: run some test with it first"));
        return home.resolve("target/classes") + File.pathSeparator + libraries + File.pathSeparator + launcher;
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }
}
