package dev.heartwood.sqlite;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.SessionEndedException;
import dev.heartwood.Store;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another process that uses the same file: {@link #main} is what it does, the rest is how a test has it do so. */
final class Neighbour implements AutoCloseable {
    private final Process process;
    private final BufferedReader said;

    private Neighbour(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a process that does {@code what} with the file. */
    static Neighbour start(Path file, String what, Object... arguments) throws Exception {
        return start(List.of(), file, what, arguments);
    }

    /** The same under another command, such as a tracer. */
    static Neighbour start(List<String> under, Path file, String what, Object... arguments) throws Exception {
        return start(under, List.of(), file, what, arguments);
    }

    /** The same with options of the JVM. */
    static Neighbour start(List<String> under, List<String> jvm, Path file, String what, Object... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(under);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", classPath(), "-XX:TieredStopAtLevel=1", Neighbour.class.getName()));
        command.addAll(List.of(file.toString(), what));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        return new Neighbour(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Tests may run inside the module, where the class path is empty: what is on either path, and the tests. */
    private static String classPath() throws URISyntaxException {
        Path tests = Path.of(Objects.requireNonNull(Neighbour.class.getResource("Neighbour.class"))
                .toURI());
        for (int i = 0; i < 4; i++) {
            tests = tests.getParent();
        }
        return Stream.of(tests.toString(), System.getProperty("jdk.module.path"), System.getProperty("java.class.path"))
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Lets it go on by one step. */
    void step() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Tells it that there are no more steps. */
    void endSteps() throws IOException {
        process.getOutputStream().close();
    }

    /** The next line it says; null when it has ended. */
    String line() throws IOException {
        return said.readLine();
    }

    /** Kills it, by {@code SIGKILL}; what it has said can still be read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Sends it a signal, such as {@code STOP}. */
    void signal(String name) throws Exception {
        String pid = String.valueOf(process.pid());
        int status =
                new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + pid + " ended with " + status);
        }
    }

    /** Waits for its end. */
    int end() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        // Under a tracer the JVM is a child of it, and outlives it.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        switch (arguments[1]) {
            case "increment" -> increment(file, arguments[2], Integer.parseInt(arguments[3]));
            case "commit for ever" -> commitForEver(file, out);
            case "write half and wait" -> writeHalf(file, out);
            case "answer" -> answer(file, out);
            case "commit until it fails" -> commitUntilItFails(file, out);
            case "restore for ever" -> restoreForEver(file, Path.of(arguments[2]), out);
            case "open three times" -> openThreeTimes(file, out);
            case "back up for ever" -> backUpForEver(file, Path.of(arguments[2]), out);
            case "read and wait" -> readAndWait(file, out);
            case "lead" -> lead(file, Duration.ofMillis(Long.parseLong(arguments[2])), out);
            case "work off" -> workOff(file, Duration.ofMillis(Long.parseLong(arguments[2])), out);
            case "flush and wait" -> flushAndWait(file, Synchronous.valueOf(arguments[2]), out);
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    private static void increment(Path file, String own, int times) {
        try (Store store = SqliteStore.open(file)) {
            for (int i = 0; i < times; i++) {
                store.increment("count");
                store.append("list", own);
                store.batch(tx -> {
                    tx.decrement(KeyPath.of("accounts", "a"));
                    tx.increment(KeyPath.of("accounts", "b"));
                });
            }
        }
    }

    /** Says each number once it is committed, under two keys; ends when the disk fails. */
    private static void commitForEver(Path file, PrintStream out) {
        Store store = SqliteStore.open(file);
        try {
            for (; ; ) {
                out.println(store.<Object>transact(tx -> {
                    tx.merge("one", Long.class, 1L, Long::sum);
                    tx.put("text", "x".repeat(5_000));
                    return tx.merge("two", Long.class, 1L, Long::sum);
                }));
            }
        } catch (IndeterminateCommitException e) {
            // The power is gone.
        }
    }

    private static void writeHalf(Path file, PrintStream out) throws Exception {
        Connection connection = Sql.connect(file);
        Statement statement = connection.createStatement();
        statement.execute("PRAGMA cache_size = 1");
        statement.execute("BEGIN IMMEDIATE");
        for (int i = 0; i < 200; i++) {
            statement.execute("INSERT INTO kv VALUES ('half" + i + "', '\"" + "x".repeat(5_000) + "\"', 1000, 0)");
        }
        statement.execute("UPDATE meta SET ver = 1000");
        out.println("half");
        Thread.sleep(Duration.ofHours(1).toMillis());
    }

    private static void answer(Path file, PrintStream out) throws Exception {
        try (Store store = SqliteStore.open(file)) {
            out.println("waiting");
            Object question = store.await(view -> view.contains("question"), Duration.ofMinutes(1))
                    .get("question");
            store.put("answer", question);
        }
    }

    private static void commitUntilItFails(Path file, PrintStream out) {
        Store store = SqliteStore.open(file);
        store.put("n", 0);
        for (; ; ) {
            try {
                out.println("acknowledged " + store.increment("n"));
            } catch (RuntimeException e) {
                out.println(e.getClass().getSimpleName() + " " + e.getMessage());
                out.println("visible " + store.get("n"));
                try {
                    store.increment("n");
                } catch (RuntimeException again) {
                    out.println(again.getClass().getSimpleName() + " " + again.getMessage());
                }
                return;
            }
        }
    }

    /** Leads; after a step tries to commit as the leader, and says how its session has ended. */
    private static void lead(Path file, Duration ttl, PrintStream out) throws Exception {
        Store store = SqliteStore.open(file);
        Session session = store.session("leader", ttl);
        store.batch(tx -> {
            tx.put(KeyPath.of("taken", "leader"), session.fence());
            session.own(tx, KeyPath.of("taken", "leader"));
        });
        out.println("leads");
        int ignored = System.in.read();
        try {
            store.batch(tx -> {
                tx.put("result", 1);
                tx.require(session);
            });
            out.println("committed");
        } catch (SessionEndedException e) {
            out.println(e.getClass().getSimpleName() + " " + e.getMessage());
        }
        session.ended().get();
        out.println("ended");
    }

    /** Takes one job after the other, and reports it, each time with its fence; opens a new session where one has ended. */
    private static void workOff(Path file, Duration ttl, PrintStream out) throws Exception {
        Store store = SqliteStore.open(file);
        store.onSessionEnd("give back", (tx, place) -> tx.move(place, KeyPath.of("jobs", "-")));
        for (; ; ) {
            try (Session session = store.session("worker", ttl)) {
                KeyPath mine = KeyPath.of("taken", Long.toString(session.fence()));
                session.own(mine, "give back");
                out.println("open " + session.fence());
                for (; ; ) {
                    workOne(store, session, mine, out);
                }
            } catch (SessionEndedException e) {
                out.println("ended " + e.fence());
            }
        }
    }

    private static void workOne(Store store, Session session, KeyPath mine, PrintStream out) throws Exception {
        boolean ignored = store.<Boolean, RuntimeException>awaitTransact(
                tx -> {
                    tx.require(session);
                    tx.check(tx.size("jobs") > 0);
                    tx.move(KeyPath.of("jobs", 0), mine);
                    return true;
                },
                Duration.ofMinutes(5));
        Thread.sleep(10);
        out.println("did "
                + store.<String>transact(tx -> {
                    tx.require(session);
                    String job = String.valueOf(tx.remove(mine));
                    if (!tx.init(KeyPath.of("done", job), session.fence())) {
                        tx.append("twice", job);
                    }
                    return job;
                }));
    }

    private static void restoreForEver(Path file, Path backup, PrintStream out) {
        out.println("restoring");
        for (; ; ) {
            SqliteStore.restore(backup, file);
        }
    }

    /** Makes one backup after the other; says so when one is complete. */
    private static void backUpForEver(Path file, Path target, PrintStream out) throws Exception {
        for (; ; ) {
            Files.deleteIfExists(target);
            SqliteStore.backup(file, target);
            out.println("backed up");
        }
    }

    private static void openThreeTimes(Path file, PrintStream out) {
        for (int i = 0; i < 3; i++) {
            try {
                SqliteStore.open(file).close();
                out.println("open");
            } catch (RuntimeException | LinkageError e) {
                out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
    }

    /** Commits and flushes for as long as somebody lets it; says each number once it is flushed. */
    private static void flushAndWait(Path file, Synchronous mode, PrintStream out) throws Exception {
        Store store = SqliteStore.options().synchronous(mode).open(file);
        for (int i = 1; ; i++) {
            if (System.in.read() < 0) {
                store.close();
                out.println("closed");
                return;
            }
            store.put("n", i);
            store.put("text", "x".repeat(5_000) + i);
            store.flush();
            out.println(i);
        }
    }

    /** Reads a database whose log was moved into it, as a backup or a tool would, and does not end. */
    private static void readAndWait(Path file, PrintStream out) throws Exception {
        Sql.ask(file, "PRAGMA wal_checkpoint(TRUNCATE)");
        Connection connection = Sql.connect(file);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT count(*) FROM kv").close();
            out.println("reading");
            Thread.sleep(Duration.ofHours(1).toMillis());
        }
    }
}
