package dev.heartwood.cli;

import static java.util.Objects.requireNonNull;

import dev.heartwood.KeyPath;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** Runs the tool as a process. */
public final class Main {
    /** The library reports through exceptions and notices, which the tool prints; its log would say the same twice. */
    private static final Logger LIBRARY = Logger.getLogger("dev.heartwood");

    private Main() {}

    /** Runs one command, and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        LIBRARY.setLevel(Level.OFF);
        // UTF-8 whatever the locale: JSON is, and another program may read it.
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        int code = commandLine(out, err).execute(arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The tool, which prints to these writers. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine tool = new CommandLine(new HeartwoodCommand());
        // -5 is a value.
        requireNonNull(tool.getSubcommands().get("set")).setUnmatchedOptionsArePositionalParams(true);
        return tool.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(KeyPath.class, new KeyPathConverter())
                .setParameterExceptionHandler(new Failures())
                .setExecutionExceptionHandler(new Failures());
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
