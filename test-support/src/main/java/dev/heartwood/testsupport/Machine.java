package dev.heartwood.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks whether this machine allows a test. A test that needs more is skipped, and says so. */
public final class Machine {
    private Machine() {}

    /** Skips the test where one of these programs is missing. */
    public static void requireTools(String... tools) {
        for (String tool : tools) {
            boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .map(directory -> Path.of(directory, tool))
                    .anyMatch(Files::isExecutable);
            require(there, "there is no " + tool + " on this machine");
        }
    }

    /** Skips the test for all but the superuser of a Linux. */
    public static void requireRoot() throws IOException {
        require(
                Files.getFileStore(Path.of("/")) != null
                        && System.getProperty("os.name").equals("Linux")
                        && "root".equals(System.getProperty("user.name")),
                "this needs root on Linux");
    }

    /** Runs a command that must succeed, or skips the test if the machine does not allow it. */
    public static void runOrSkip(String... command) throws IOException, InterruptedException {
        String said = run(command);
        require(said == null, "this machine does not allow " + String.join(" ", command) + ": " + said);
    }

    /** Runs a command. Returns null if it succeeded, else its output. */
    public static @Nullable String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? null : said.strip();
    }

    private static void require(boolean there, String why) {
        if (!there) {
            System.out.println("SKIPPED, and so not tested here: " + why);
        }
        assumeTrue(there, why);
    }
}
