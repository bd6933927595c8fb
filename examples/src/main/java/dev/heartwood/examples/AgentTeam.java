package dev.heartwood.examples;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import dev.heartwood.inspector.Inspector;
import dev.heartwood.inspector.Report;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Eight agents write a report together: three research, two write, two review, one edits. They share one tree: a
 * blackboard with the jobs of each stage, a budget that no agent may overspend, a scratchpad for each. An agent sleeps
 * until its stage has a job, takes it, and hands the result over to the next stage. In the end the history shows the
 * author of each change.
 */
public final class AgentTeam {
    private static final KeyPath BUDGET = KeyPath.of("budget");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEARCH = 15;

    private final List<String> questions;
    private final Store store;
    private final Duration thinking;

    AgentTeam(List<String> questions) {
        this(questions, Duration.ZERO);
    }

    /** A team of which each agent thinks for so long about each job. */
    private AgentTeam(List<String> questions, Duration thinking) {
        this.questions = questions;
        this.thinking = thinking;
        store = Store.options()
                .guard("within the budget", BUDGET, view -> view.get(BUDGET, Long.class) >= 0)
                .of(Map.of(
                        "budget",
                        100,
                        "blackboard",
                        Map.of("questions", questions, "findings", List.of(), "drafts", List.of()),
                        "report",
                        Map.of(),
                        "done",
                        false));
    }

    /**
     * Runs the team, and prints the report, the budget that each agent has spent, and the author of each part. With
     * {@code --inspect} the agents work slowly, so that a person can watch.
     */
    public static void main(String[] args) throws Exception {
        Path page = Path.of(System.getProperty("java.io.tmpdir"), "agent-team.html");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> questions = List.of(
                "Why trees?",
                "Why now?",
                "Who pays?",
                "What is new?",
                "What is old?",
                "Who else?",
                "Where next?",
                "So what?");
        if (List.of(args).contains("--inspect")) {
            new AgentTeam(questions, Duration.ofSeconds(2)).runLive(out, page);
        } else {
            new AgentTeam(questions).run(out, page);
        }
    }

    /** Slowly, under a page that shows each commit as it comes. The page stays for five minutes more. */
    private void runLive(PrintStream out, Path page) throws Exception {
        try (Inspector inspector =
                Inspector.options().title("Eight agents write a report").of(store)) {
            out.println("Look at it live: " + inspector.url());
            run(out, page);
            out.println("The live page stays for five minutes, or until you stop this program.");
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        }
    }

    /** All agents at work, each on a thread and with a handle of its own, until the report has all answers. */
    Store run(PrintStream out, Path page) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (History history = History.options().keep(10_000).of(store)) {
            List<Future<Void>> team = new ArrayList<>();
            for (String name : List.of("Rosa", "Ravi", "Ruth")) {
                Store mine = store.as(name);
                team.add(threads.submit(agent(mine, "questions", "findings", question -> research(mine, question))));
            }
            for (String name : List.of("Wim", "Wen")) {
                team.add(threads.submit(
                        agent(store.as(name), "findings", "drafts", finding -> finding + ", as we know")));
            }
            for (String name : List.of("Cleo", "Carl")) {
                team.add(threads.submit(agent(store.as(name), "drafts", null, draft -> draft + ".")));
            }
            team.add(threads.submit(editor(store.as("Eve"))));
            for (Future<Void> agent : team) {
                agent.get();
            }
            tell(history, out);
            Report.write(history, page);
            out.println("Each step of it: open " + page + " in a browser");
        } finally {
            threads.shutdownNow();
        }
        return store;
    }

    /** An agent that takes jobs from one stage, and hands results over to the next; the last stage is the report. */
    private Callable<Void> agent(Store mine, String from, @Nullable String to, UnaryOperator<String> skill) {
        KeyPath inbox = KeyPath.of("blackboard", from);
        KeyPath scratchpad = KeyPath.of("scratchpads", String.valueOf(mine.author()));
        return () -> {
            while (true) {
                Optional<String> job = take(mine, inbox, scratchpad);
                if (job.isEmpty()) {
                    return null;
                }
                String taken = job.get();
                Thread.sleep(thinking.toMillis()); // outside of any commit: no agent waits for a slow one
                String result = skill.apply(taken);
                mine.batch(tx -> {
                    tx.label("answered");
                    tx.merge(scratchpad.child("jobs"), Long.class, 1L, Long::sum);
                    if (to != null) {
                        tx.append(KeyPath.of("blackboard", to), result);
                    } else {
                        tx.put(KeyPath.of("report", taken.substring(0, taken.indexOf('?') + 1)), result);
                    }
                });
            }
        };
    }

    /** Sleeps until there is a job, and takes it: no two agents take the same. Empty when the report is done. */
    private static Optional<String> take(Store mine, KeyPath inbox, KeyPath scratchpad) throws Exception {
        return mine.awaitTransact(
                tx -> {
                    tx.check(tx.size(inbox) > 0 || tx.get("done", Boolean.class));
                    if (tx.size(inbox) == 0) {
                        return Optional.empty();
                    }
                    String job = String.valueOf(tx.remove(inbox.child(0)));
                    tx.put(scratchpad.child("working on"), job);
                    return Optional.of(job);
                },
                PATIENCE);
    }

    /** Searches while the budget lasts: the guard refuses to overspend, even if other agents spend at the same time. */
    private static String research(Store mine, String question) {
        try {
            mine.batch(tx -> {
                tx.label("search: " + question);
                tx.decrement(BUDGET, SEARCH);
            });
            return question + " Somebody found out";
        } catch (GuardException e) {
            return question + " We guess";
        }
    }

    /** Waits for the last answer, and sends all home. */
    private Callable<Void> editor(Store mine) {
        return () -> {
            mine.await(view -> view.size("report") == questions.size(), PATIENCE);
            mine.put("done", true);
            return null;
        };
    }

    private void tell(History history, PrintStream out) {
        out.println("The report");
        for (String question : questions) {
            KeyPath answer = KeyPath.of("report", question);
            Entry last = history.blame(answer);
            out.println("  " + store.get(answer) + "  ("
                    + (last == null ? "?" : last.origin().author()) + ")");
        }
        out.println("The budget");
        for (Entry entry : history.of(BUDGET)) {
            out.println("  " + entry.before() + " -> " + entry.after() + "  "
                    + entry.origin().author() + ", " + entry.origin().label());
        }
    }
}
