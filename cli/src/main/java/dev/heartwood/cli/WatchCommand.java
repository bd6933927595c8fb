package dev.heartwood.cli;

import dev.heartwood.Change;
import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.Subscription;
import dev.heartwood.Update;
import dev.heartwood.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        description =
                "Follows a store live, beside the programs that use it, and prints one line a change until it is ended"
                        + " (Ctrl-C). It changes nothing and holds nobody up: where commits come faster than they are printed, several are"
                        + " printed as one.")
final class WatchCommand extends ToolCommand {
    @Parameters(index = "0", paramLabel = "STORE", description = StoreLocation.STORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = "/**",
            description =
                    "Only places of this pattern: a path in which * stands for one step, and ** for any. Default: all.")
    private PathPattern pattern;

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many lines.")
    private @Nullable Integer count;

    @Option(
            names = "--json",
            description = "Prints each change as a JSON object (an operation of RFC 6902), for another program.")
    private boolean json;

    private int printed;
    private @Nullable Throwable loss;

    @Override
    public Integer call() throws InterruptedException {
        if (count != null && count < 1) {
            throw new UsageException("expected at least one line, not --count " + count);
        }
        BlockingQueue<Runnable> updates = new LinkedBlockingQueue<>();
        StoreLocation location = StoreLocation.existing(name);
        Main.noteWarnings(this::note);
        try (Store store = location.follow(this::note)) {
            Subscription watching = store.watch(pattern, Delivery.latest(updates::add), this::print);
            store.publisher(KeyPath.root(), updates::add).subscribe(new EndOfStore());
            note("watching " + location + "; Ctrl-C ends it");
            while (!isDone()) {
                updates.take().run();
                if (loss != null) {
                    throw new StoreIOException("no more changes come: " + loss.getMessage(), loss);
                }
            }
            watching.close();
        }
        return ExitCode.OK;
    }

    /** Hears that the store was lost: replaced, restored or taken away. A watcher alone would wait for ever. */
    private final class EndOfStore implements Flow.Subscriber<Update> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Update update) {}

        @Override
        public void onError(Throwable failure) {
            loss = failure;
        }

        @Override
        public void onComplete() {}
    }

    private boolean isDone() {
        // A reader that has gone, such as head, ends it, too.
        return (count != null && printed >= count) || out().checkError();
    }

    private void print(Update update) {
        for (Change change : update.before().diff(update.after(), update.path())) {
            line(json ? Json.write(operation(change)) : change.toString());
        }
    }

    /** As an operation of RFC 6902. */
    private static Map<String, @Nullable Object> operation(Change change) {
        Map<String, @Nullable Object> operation = new LinkedHashMap<>();
        if (change instanceof Change.Removed) {
            operation.put("op", "remove");
        } else if (change instanceof Change.Added added) {
            operation.put("op", "add");
            operation.put("value", added.value());
        } else if (change instanceof Change.Replaced replaced) {
            operation.put("op", "replace");
            operation.put("value", replaced.after());
        }
        operation.put("path", change.path().toString());
        return operation;
    }

    private void line(String text) {
        if (!isDone()) {
            out().println(text);
            printed++;
        }
    }
}
