package dev.heartwood.log.testkit;

import static java.util.Objects.requireNonNull;

import dev.heartwood.CommitOutcome;
import dev.heartwood.Delivery;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Session;
import dev.heartwood.SessionEndedException;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.Transaction;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogStore;
import dev.heartwood.testkit.ProcessHistory;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Another process with a store over the same log: {@link #main} is its program; the other methods let a test control
 * it.
 */
final class LogWorker implements AutoCloseable {
    static final LogOptions OPTIONS = LogStore.options()
            .deadline(Duration.ofSeconds(4))
            .pollInterval(Duration.ofMillis(500))
            .checkpointEvery(100)
            .keepEntries(20);
    static final int THREADS = 2;
    static final KeyPath JOBS = KeyPath.of("jobs");
    static final KeyPath TAKEN = KeyPath.of("taken");
    static final KeyPath WORKED = KeyPath.of("worked");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SESSION = Duration.ofSeconds(3);

    private final Process process;
    private final BufferedReader said;

    private LogWorker(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
    }

    static LogWorker start(EngineFixture fixture, int port, String tree, String program, String who) throws Exception {
        return start(fixture, List.of(), "127.0.0.1", port, tree, program, who);
    }

    /** The same with words before the command line, and a server that the process sees under another address. */
    static LogWorker start(
            EngineFixture fixture, List<String> prefix, String host, int port, String tree, String program, String who)
            throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(fixture.getClass()),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                LogWorker.class.getName(),
                fixture.getClass().getName(),
                host,
                Integer.toString(port),
                tree,
                program,
                who));
        return new LogWorker(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Tests may run inside their module, where the class path is empty: both paths, and the classes of the tests. */
    private static String classPath(Class<?> test) throws URISyntaxException {
        Path file = Path.of(requireNonNull(test.getResource(test.getSimpleName() + ".class"))
                .toURI());
        int names = test.getName().split("\\.", -1).length;
        Path classes = requireNonNull(file.getRoot()).resolve(file.subpath(0, file.getNameCount() - names));
        return Stream.of(
                        classes.toString(),
                        System.getProperty("jdk.module.path"),
                        System.getProperty("java.class.path"))
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The next line that it prints; null when it has ended. */
    @Nullable
    String line() throws IOException {
        return said.readLine();
    }

    /** Kills it, by {@code SIGKILL}; its output can still be read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Stops it, by {@code SIGSTOP}. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        String ignored = ServerProcess.run(null, "/bin/sh", "-c", "kill -" + name + " " + process.pid());
    }

    /** Asks it to come to an end. */
    void stop() throws IOException {
        process.getOutputStream().close();
    }

    /** Waits for its end; gives its exit code. */
    int end() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** Runs a program: {@code fixture host port tree program who}. Ends when its input does. */
    public static void main(String[] arguments) throws Exception {
        // Else the other threads would go on, and the test would miss the last commit of one that has died.
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        EngineFixture fixture =
                (EngineFixture) constructor(Class.forName(arguments[0])).newInstance();
        String who = arguments[5];
        try (Store store = open(fixture, arguments)) {
            switch (arguments[4]) {
                case "count" -> countUntilStopped(store, who, out);
                case "take" -> take(store, out);
                case "watch" -> watch(store, out);
                case "own" -> own(store, out);
                case "history" -> history(store, who, out);
                default -> throw new IllegalArgumentException(arguments[4]);
            }
        }
        out.println("end");
    }

    private static java.lang.reflect.Constructor<?> constructor(Class<?> type) throws NoSuchMethodException {
        java.lang.reflect.Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor;
    }

    private static Store open(EngineFixture fixture, String... arguments) {
        for (; ; ) {
            try {
                Root root = OPTIONS.root(fixture.connect(arguments[1], Integer.parseInt(arguments[2]), arguments[3]));
                return arguments[4].equals("history") ? ProcessHistory.guarded(root) : Store.over(root);
            } catch (StoreIOException e) {
                // The server is away for longer than the deadline: a user would start the program again.
                System.err.println("opens again: " + e.getMessage());
            }
        }
    }

    private static void countUntilStopped(Store store, String who, PrintStream out) throws Exception {
        List<Thread> threads = new ArrayList<>();
        boolean[] stopped = new boolean[1];
        for (int i = 0; i < THREADS; i++) {
            String mine = who + "." + i;
            Thread thread = new Thread(() -> {
                for (long n = 1; !isStopped(stopped); n++) {
                    out.println("begin " + mine + " " + n);
                    count(store, mine, out);
                    out.println("done " + mine + " " + n);
                }
            });
            thread.start();
            threads.add(thread);
        }
        boolean ended = System.in.read() < 0;
        synchronized (stopped) {
            stopped[0] = ended;
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static boolean isStopped(boolean[] stopped) {
        synchronized (stopped) {
            return stopped[0];
        }
    }

    /**
     * Increments the counter once, with any number of tries; asks for the outcome of an indeterminate commit until it
     * is known.
     */
    private static void count(Store store, String mine, PrintStream out) {
        for (; ; ) {
            try {
                store.batch(tx -> {
                    tx.merge("count", Long.class, 1L, Long::sum);
                    tx.merge(mine, Long.class, 1L, Long::sum);
                });
                return;
            } catch (IndeterminateCommitException e) {
                out.println("doubt " + mine);
                if (outcome(store, e) == CommitOutcome.COMMITTED) {
                    return;
                }
            } catch (StoreIOException e) {
                // Not made, says the message; so it is made again.
                out.println("refused " + mine);
            }
        }
    }

    private static CommitOutcome outcome(Store store, IndeterminateCommitException doubt) {
        for (; ; ) {
            try {
                CommitOutcome outcome = store.outcomeOf(doubt);
                if (outcome == CommitOutcome.UNKNOWN) {
                    throw new IllegalStateException(
                            String.format(Locale.ROOT, "the outcome of %s is not known", doubt.commitId()));
                }
                return outcome;
            } catch (StoreIOException e) {
                // The log does not answer yet.
            }
        }
    }

    private static void take(Store store, PrintStream out) throws InterruptedException, TimeoutException {
        String[] job = {""};
        while (!job[0].equals("stop")) {
            boolean isMade;
            try {
                isMade = store.<Boolean, RuntimeException>awaitTransact(
                        tx -> {
                            tx.check(tx.size(JOBS) > 0);
                            job[0] = String.valueOf(tx.remove(JOBS.child(0)));
                            if (!job[0].equals("stop")) {
                                tx.merge(KeyPath.of("done", job[0]), Long.class, 1L, Long::sum);
                            }
                            return true;
                        },
                        PATIENCE);
            } catch (IndeterminateCommitException e) {
                isMade = outcome(store, e) == CommitOutcome.COMMITTED;
            } catch (StoreIOException e) {
                // Not made, says the message.
                isMade = false;
            }
            job[0] = isMade ? job[0] : "";
            out.println("took " + job[0]);
        }
    }

    private static void watch(Store store, PrintStream out) throws IOException {
        AutoCloseable ignored = store.watch(
                "n",
                Delivery.every(Runnable::run),
                update -> out.println("saw " + update.after().get("n")));
        out.println("watches");
        boolean hasEnded = System.in.read() < 0;
        out.println("stopped " + hasEnded);
    }

    /** The session of a taken job has ended: the job is there for others. */
    static void giveBack(Transaction tx, KeyPath place) {
        tx.move(place, JOBS.child("-"));
    }

    /** Takes a job in a session, and works on it until the session has ended. */
    private static void own(Store store, PrintStream out) throws InterruptedException {
        store.onSessionEnd("give back", LogWorker::giveBack);
        Session session = store.session("owner", SESSION);
        store.batch(tx -> {
            tx.require(session);
            session.own(tx, TAKEN, "give back");
            tx.move(JOBS.child(0), TAKEN);
        });
        out.println("owns");
        while (true) {
            try {
                store.batch(tx -> {
                    tx.require(session);
                    tx.merge(WORKED, Long.class, 1L, Long::sum);
                });
                Thread.sleep(20);
            } catch (SessionEndedException e) {
                out.println("ended");
                return;
            } catch (IndeterminateCommitException e) {
                // Either way: it works on.
                out.flush();
            } catch (StoreIOException e) {
                // Not made: it works on.
                out.flush();
            }
        }
    }

    private static void history(Store store, String who, PrintStream out) throws InterruptedException {
        String[] parts = who.split(":", -1);
        int process = Integer.parseInt(parts[0]);
        ProcessHistory history = new ProcessHistory(process, store, out::println);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            long seed = Long.parseLong(parts[1]) * 31 + process * 7L + i;
            threads.add(new Thread(() -> history.work(seed, Integer.parseInt(parts[2]))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
