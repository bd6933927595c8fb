package dev.heartwood.cli;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.StoreException;
import dev.heartwood.json.JsonException;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints the error to the standard error in one or two sentences, and chooses the exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        say(err, inWords(e));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Usage: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (e instanceof UsageException) {
            say(err, e.getMessage());
            return ExitCode.USAGE;
        } else if (e instanceof UnchangedException unchanged) {
            say(err, e.getMessage());
            return unchanged.refusal() instanceof NoSuchPathException ? ExitCode.NO : ExitCode.REFUSED;
        } else if (e instanceof IndeterminateCommitException) {
            say(err, e.getMessage());
            return ExitCode.UNKNOWN;
        } else if (e instanceof NoSuchPathException) {
            say(err, e.getMessage());
            return ExitCode.NO;
        } else if (e instanceof IOException failure) {
            say(err, Input.sentence(failure));
            return ExitCode.REFUSED;
        } else if (e instanceof StoreException || e instanceof JsonException) {
            say(err, e.getMessage());
            return ExitCode.REFUSED;
        }
        say(err, "a fault of the tool itself: " + e);
        e.printStackTrace(err);
        return ExitCode.INTERNAL;
    }

    /** Picocli counts arguments from zero, and does not know that the first one is a command. */
    private static @Nullable String inWords(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
            return e.getMessage();
        }
        String first = unmatched.getUnmatched().get(0);
        CommandLine command = e.getCommandLine();
        return command.getParent() == null
                ? "there is no command " + first + "; heartwood --help lists them"
                : first + " is one argument too many";
    }

    private static void say(PrintWriter err, @Nullable String message) {
        err.println("heartwood: " + message);
    }
}
