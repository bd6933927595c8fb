package dev.heartwood.cli;

import static java.util.Objects.requireNonNull;

import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the tool as a process. */
public final class Main {
    /** The library reports through exceptions and notices, which the tool prints; its log would say the same twice. */
    private static final Logger LIBRARY = Logger.getLogger("dev.heartwood");

    private Main() {}

    /** Runs one command, and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        LIBRARY.setLevel(Level.OFF);
        // UTF-8 in every locale: JSON is UTF-8, and another program may read it.
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        int code = commandLine(out, err, arguments).execute(arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The tool as a command line needs it, which prints to these writers. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine tool = tool(arguments);
        CommandLine set = tool.getSubcommands().get("set");
        if (set != null) {
            // -5 is a value.
            set.setUnmatchedOptionsArePositionalParams(true);
        }
        return tool.setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(KeyPath.class, new KeyPathConverter())
                .registerConverter(PathPattern.class, PathPattern::parse)
                .setParameterExceptionHandler(new Failures())
                .setExecutionExceptionHandler(new Failures());
    }

    /** Loads only the command that is to run, if it is clear: inspecting all commands slows down the start. */
    private static CommandLine tool(String... arguments) {
        if (arguments.length > 0) {
            for (Class<?> command : annotation(HeartwoodCommand.class).subcommands()) {
                if (ToolCommand.class.isAssignableFrom(command)
                        && annotation(command).name().equals(arguments[0])) {
                    return new CommandLine(new OneCommand()).addSubcommand(command);
                }
            }
        }
        return new CommandLine(new HeartwoodCommand());
    }

    private static Command annotation(Class<?> command) {
        return requireNonNull(command.getAnnotation(Command.class));
    }

    /** The tool with one command. */
    @Command(name = "heartwood")
    private static final class OneCommand {}

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
