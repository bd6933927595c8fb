package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the tool as a process of its own, as an operator does. */
final class Tool {
    private final Path directory;

    /** Runs in a directory. */
    Tool(Path directory) {
        this.directory = directory;
    }

    /** The result of a run. */
    record Result(int code, String out, String err) {
        /** Asserts the exit code, and returns the standard output. */
        String ended(int expected) {
            assertThat(code).as("%s%n%s", out, err).isEqualTo(expected);
            return out;
        }

        /** Asserts the exit code, and returns the messages for the operator. */
        String told(int expected) {
            ended(expected);
            return err;
        }
    }

    /** Runs a command to its end. */
    Result run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    /** The same with text on the standard input. */
    Result runWith(String input, String... arguments) throws Exception {
        Process process = start(arguments);
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = text(process.getInputStream());
        return new Result(process.waitFor(), out, err.get());
    }

    /** Starts a command. */
    Process start(String... arguments) throws IOException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(), Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(directory.toFile()).start();
    }

    /** Types a line into a shell that knows the tool, and returns both outputs. */
    String shell(String line) throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", shellFunction() + line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return text(process.getInputStream());
    }

    /** Makes a shell know the tool. */
    String shellFunction() throws URISyntaxException {
        return "heartwood() { '" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:TieredStopAtLevel=1 -cp '" + classPath() + "' " + Main.class.getName() + " \"$@\"; }\n";
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * The entries of the class path, in their order, and of the module path. Tests may run inside the module, where the
     * class path is empty.
     */
    private static String classPath() throws URISyntaxException {
        Path classes = Path.of(
                Objects.requireNonNull(Main.class.getResource("Main.class")).toURI());
        for (int i = 0; i < 4; i++) {
            classes = classes.getParent();
        }
        return Stream.of(
                        System.getProperty("java.class.path"),
                        classes.toString(),
                        System.getProperty("jdk.module.path"))
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
