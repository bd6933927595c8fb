package dev.heartwood.cli;

import static java.util.Objects.requireNonNull;

import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/** Runs the tool as a process. */
public final class Main {
    /** The library reports through exceptions and notices, which the tool prints; its log would say the same twice. */
    private static final Logger LIBRARY = Logger.getLogger("dev.heartwood");

    private static final char REPLACEMENT = '\uFFFD';

    private Main() {}

    /** Runs one command, and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        LIBRARY.setLevel(Level.OFF);
        ResultOutput result = new ResultOutput(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = writer(result);
        PrintWriter err = writer(new FileOutputStream(FileDescriptor.err));
        int code = run(out, err, arguments);
        out.flush();
        String failure = result.failure();
        if (failure != null) {
            err.println("heartwood: the standard output did not take all of the result: " + failure);
            code = code == ExitCode.OK || code == ExitCode.NO ? ExitCode.UNWRITTEN : code;
        }
        err.flush();
        System.exit(code);
    }

    private static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Optional<String> garbled = garbled(arguments);
        if (garbled.isPresent()) {
            err.println("heartwood: the locale of this shell lacks letters of " + garbled.get()
                    + ", so the tool would take another text for it. Nothing was done. Run it with LC_ALL=C.UTF-8");
            return ExitCode.USAGE;
        }
        try {
            return commandLine(out, err, arguments).execute(arguments);
        } catch (OutOfMemoryError e) {
            err.println(
                    "heartwood: the tool has too little memory for this (" + e.getMessage()
                            + "), and a change that it was to make may or may not be there. Give it more: java -Xmx4g -jar heartwood.jar");
            return ExitCode.UNKNOWN;
        }
    }

    /** The text that the locale garbles, for a message that shows no password: an argument, the working directory, or the password. */
    private static Optional<String> garbled(String... arguments) {
        if (isGarbled(System.getenv().getOrDefault(LogLocation.PASSWORD, ""))) {
            return Optional.of(LogLocation.PASSWORD);
        }
        return Stream.concat(Stream.of(System.getProperty("user.dir")), Stream.of(arguments))
                .filter(Main::isGarbled)
                .findFirst();
    }

    /** Whether the virtual machine could not decode a text of the system, and has put replacement characters in it. */
    private static boolean isGarbled(String text) {
        return text.indexOf(REPLACEMENT) >= 0 && !"UTF-8".equals(System.getProperty("sun.jnu.encoding"));
    }

    /**
     * From now on prints warnings of the library, for commands that go on for long: a connection that is lost, and tried again, is
     * neither an exception nor a notice.
     */
    static void noteWarnings(Consumer<String> notes) {
        LIBRARY.setUseParentHandlers(false);
        LIBRARY.addHandler(new Handler() {
            @Override
            public void publish(LogRecord record) {
                // What is worse ends the command, and is its message.
                if (record.getLevel() == Level.WARNING) {
                    notes.accept(record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        LIBRARY.setLevel(Level.WARNING);
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
                .registerConverter(PathPattern.class, Main::pattern)
                // @name is a text as any other, not the name of a file with arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(new Failures())
                .setExecutionExceptionHandler(new Failures());
    }

    private static PathPattern pattern(String text) {
        if (!text.isEmpty() && text.charAt(0) != '/') {
            throw new TypeConversionException("a pattern begins with /, such as /users/*/name");
        }
        try {
            return PathPattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
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

    /** In UTF-8 in every locale: JSON is UTF-8, and another program may read it. */
    private static PrintWriter writer(OutputStream out) {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }
}
