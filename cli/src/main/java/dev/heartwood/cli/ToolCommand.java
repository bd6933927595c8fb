package dev.heartwood.cli;

import dev.heartwood.Change;
import dev.heartwood.Commit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.TreeEditor;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The common part of all commands. */
abstract class ToolCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help itself
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /**
     * Prints a message for the operator that is no result. It goes to the standard error, so that results can be piped.
     */
    final void note(String message) {
        spec.commandLine().getErr().println("heartwood: " + message);
    }

    /** Makes one commit, and prints its changes. */
    final int commit(StoreLocation location, Consumer<? super TreeEditor> change) {
        try (Store store = open(location)) {
            Commit commit = batch(store, change);
            for (Change one : commit.diff()) {
                out().println(one);
            }
            if (commit.diff().isEmpty()) {
                note("nothing was changed: it is so already");
            }
        }
        return ExitCode.OK;
    }

    private Store open(StoreLocation location) {
        try {
            return location.open(this::note);
        } catch (StoreException e) {
            throw new UnchangedException(e);
        }
    }

    static Commit batch(Store store, Consumer<? super TreeEditor> change) {
        try {
            return store.batch(tx -> change.accept(tx));
        } catch (IndeterminateCommitException | StoreIOException e) {
            throw e; // the storage says what it knows of the commit
        } catch (StoreException e) {
            throw new UnchangedException(e);
        }
    }

    /** Describes the action and asks for confirmation, unless the command line has {@code --yes}. */
    @SuppressWarnings("SystemConsoleNull") // from JDK 22 on, the answer of a console without a terminal is null
    final void confirm(String plan, boolean yes) {
        note(plan);
        if (yes) {
            return;
        }
        Console console = System.console();
        if (console == null) {
            throw new UsageException("nothing was done. Add --yes to do it");
        }
        String answer = console.readLine("Go on? [y/N] ");
        if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new UsageException("nothing was done");
        }
    }
}
