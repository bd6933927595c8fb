package dev.heartwood.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The tool: its own options, and the names of its commands. */
@Command(
        name = "heartwood",
        mixinStandardHelpOptions = true,
        versionProvider = HeartwoodCommand.Version.class,
        description = "Looks at, changes and looks after stores in JSON files and SQLite files.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ShowCommand.class,
            GetCommand.class,
            KeysCommand.class,
            SetCommand.class,
            RemoveCommand.class,
            PatchCommand.class,
            DiffCommand.class,
            LogCommand.class,
            BlameCommand.class,
            WatchCommand.class,
            ReportCommand.class,
            InspectCommand.class,
            CheckCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            RepairCommand.class,
            TakeFileCommand.class,
            TakeJournalCommand.class,
            ConvertCommand.class,
            GenerateCompletion.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; or the answer is yes",
            "1:the answer is no: nothing stands at the path, the stores differ, or the check has found something",
            "2:the command line is wrong, or a confirmation (--yes) is missing; nothing was changed",
            "3:the store refused, or could not be read or written; nothing was changed",
            "4:the disk failed during a commit, which may or may not have been made: look before you repeat it",
            "5:done, but the standard output did not take all of the result",
            "70:a fault of the tool itself"
        },
        footer = {
            "",
            "A store is named by its file: state.json, or shared.db. What is in the file tells which kind it is.",
            "A path is a JSON Pointer, such as /users/42/name."
        })
final class HeartwoodCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, such as: heartwood show state.json");
    }

    /** The version that the jar was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = HeartwoodCommand.class.getPackage().getImplementationVersion();
            return new String[] {"heartwood " + (version == null ? "(not packaged)" : version)};
        }
    }
}
