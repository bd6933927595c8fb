package dev.heartwood.cli;

import dev.heartwood.Store;
import dev.heartwood.inspector.Inspector;
import dev.heartwood.inspector.InspectorOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "inspect",
        description =
                "Serves the page of heartwood report to the browsers of this computer, until it is stopped with Ctrl-C. Of a"
                        + " SQLite file or a log it shows the commits from now on, as they come; of a JSON file those that its files have when the page"
                        + " is loaded. It changes nothing.")
final class InspectCommand extends ToolCommand {
    @Mixin
    private final KeptHistory kept = new KeptHistory();

    @Option(names = "--port", defaultValue = "0", description = "The port to listen on. Default: any that is free.")
    private int port;

    @Option(names = "--for", paramLabel = "SECONDS", description = "Ends by itself after so long.")
    private @Nullable Long seconds;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new UsageException("--port takes a number from 0 to 65535, not " + port);
        }
        StoreLocation location = kept.location();
        Main.noteWarnings(this::note);
        InspectorOptions options = Inspector.options().port(port).title(location.title());
        if (!(location instanceof JsonFileLocation)) {
            try (Store store = location.follow(this::note);
                    Inspector inspector =
                            options.history(kept.options().of(store)).of(store)) {
                serve(inspector);
            }
        } else {
            try (Inspector inspector = options.of(KeptHistory.read(location, kept.options(), this::note))) {
                serve(inspector);
            }
        }
        return ExitCode.OK;
    }

    private void serve(Inspector inspector) throws InterruptedException {
        out().println(inspector.url());
        note("open this address in a browser; it is a password while this runs. Ctrl-C ends it");
        TimeUnit.SECONDS.sleep(seconds == null ? Long.MAX_VALUE : seconds);
    }
}
