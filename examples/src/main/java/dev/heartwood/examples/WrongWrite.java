package dev.heartwood.examples;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import dev.heartwood.inspector.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Three agents share an account; one writes a wrong balance, and is found: docs/debugging.md, as a program. */
public final class WrongWrite {
    private static final KeyPath BALANCE = KeyPath.of("account", "balance");

    private WrongWrite() {}

    /** Runs the agents, and prints the author of the wrong write. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(find(Files.createTempDirectory("heartwood")));
    }

    /** Runs the agents, writes a report into the folder, and prints the author of the wrong write. */
    static String find(Path folder) throws IOException, InterruptedException {
        Store store = Store.of(Map.of("account", Map.of("balance", 1_000, "rent", 0)));
        try (History history = History.of(store)) {
            runAgents(store);

            Snapshot wrong = history.first(view -> view.get(BALANCE, Long.class) < 0);
            if (wrong == null) {
                throw new IllegalStateException("the wrong write did not come");
            }
            Entry entry = history.of(BALANCE).stream()
                    .filter(each -> each.version() == wrong.version())
                    .findFirst()
                    .orElseThrow();
            Report.write(history, folder.resolve("report.html"));
            history.save(folder.resolve("history.jsonl"));
            return entry.origin().author() + " \"" + entry.origin().label() + "\": " + entry.before() + " -> "
                    + entry.after();
        }
    }

    private static void runAgents(Store store) throws InterruptedException {
        Store planner = store.as("planner");
        Store saver = store.as("saver");
        Store billing = store.as("billing");
        List<Thread> agents = List.of(
                new Thread(() -> repeat(() -> planner.increment(BALANCE, 1))),
                new Thread(() -> repeat(() -> saver.increment(BALANCE, 2))));
        agents.forEach(Thread::start);
        billing.batch(tx -> {
            tx.label("monthly bill");
            tx.put(BALANCE, -800); // meant: take 800 off
        });
        for (Thread agent : agents) {
            agent.join();
        }
    }

    private static void repeat(Runnable action) {
        for (int i = 0; i < 100; i++) {
            action.run();
        }
    }
}
