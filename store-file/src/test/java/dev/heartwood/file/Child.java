package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A {@link Victim} in a process of its own, and its output. */
public final class Child {
    private static final int LAST = 10;

    private final Process process;
    private final Thread reader;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private Child(Process process) {
        this.process = process;
        this.reader = new Thread(this::read);
        reader.start();
    }

    /** Starts a victim, perhaps under a program that makes it suffer. */
    public static Child start(List<String> wrapper, Path file, long journalAbove, int threads, int times)
            throws IOException {
        return start(
                wrapper,
                List.of("-XX:TieredStopAtLevel=1"),
                Victim.class,
                file.toString(),
                Long.toString(journalAbove),
                Integer.toString(threads),
                Integer.toString(times));
    }

    /** The same with a victim that keeps no history, which it would delete at the first failure before it tries again. */
    static Child startWithoutHistory(List<String> wrapper, Path file, long journalAbove, int threads, int times)
            throws IOException {
        return start(
                wrapper,
                List.of("-XX:TieredStopAtLevel=1"),
                Victim.class,
                file.toString(),
                Long.toString(journalAbove),
                Integer.toString(threads),
                Integer.toString(times),
                "0");
    }

    /** Starts a program of this class path with options of the virtual machine. */
    static Child java(List<String> options, Class<?> program, String... arguments) throws IOException {
        return start(List.of(), options, program, arguments);
    }

    /** Starts a program of this class path under another. */
    static Child start(List<String> wrapper, Class<?> program, String... arguments) throws IOException {
        return start(wrapper, List.of(), program, arguments);
    }

    private static Child start(List<String> wrapper, List<String> options, Class<?> program, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(List.of(arguments));
        return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Everything on the class path or the module path of this process. */
    static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String property : List.of("jdk.module.path", "surefire.test.class.path", "java.class.path")) {
            entries.addAll(Arrays.asList(System.getProperty(property, "").split(File.pathSeparator, -1)));
        }
        entries.add(Path.of("target", "classes").toAbsolutePath().toString());
        entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        entries.removeIf(String::isEmpty);
        return String.join(File.pathSeparator, entries);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            said.add("unreadable " + e);
        }
    }

    /** Waits until it has said so many lines that start so. */
    public void awaitLines(String start, int count) throws InterruptedException {
        for (int i = 0; i < 12_000 && lines(start).size() < count; i++) {
            if (!process.isAlive() && !reader.isAlive()) {
                break;
            }
            Thread.sleep(10);
        }
        assertThat(lines(start)).as("what the child said: %s", said).hasSizeGreaterThanOrEqualTo(count);
    }

    long id() {
        return process.pid();
    }

    /** Kills it, by {@code SIGKILL}, through its handle: {@code Process} itself would throw away the output. */
    public void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        end();
    }

    /** Waits for its end. */
    void end() throws InterruptedException {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the child ended").isTrue();
        reader.join();
    }

    List<String> said() {
        return said;
    }

    List<String> lines(String start) {
        List<String> lines = new ArrayList<>();
        for (String line : said) {
            if (line.startsWith(start)) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** The last acknowledged value of each key. */
    public Map<String, Long> acknowledged() {
        Map<String, Long> acknowledged = new TreeMap<>();
        for (String line : lines("ack ")) {
            String[] words = line.split(" ", 3);
            acknowledged.merge(words[1], Long.valueOf(words[2]), Math::max);
        }
        return acknowledged;
    }

    /** The file holds every acknowledged commit, and batches are whole. */
    void check(Path file, long journalAbove) {
        check(file, journalAbove, acknowledged());
    }

    /** The file holds every commit that was acknowledged by some moment, perhaps more, and batches are whole. */
    void check(Path file, long journalAbove, Map<String, Long> acknowledged) {
        String past = lastCommits(file);
        try {
            checkState(file, journalAbove, acknowledged);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + System.lineSeparator() + past, e);
        }
    }

    /** The author of each commit, read from the files before they are opened. */
    private static String lastCommits(Path file) {
        try {
            List<Entry> entries = History.ofJournal(file).entries();
            return "the last commits of " + entries.size() + " that are kept: "
                    + entries.subList(Math.max(0, entries.size() - LAST), entries.size());
        } catch (StoreIOException e) {
            return "no commits are kept: " + e.getMessage();
        }
    }

    private void checkState(Path file, long journalAbove, Map<String, Long> acknowledged) {
        try (Store store = JsonFile.options().journalAbove(journalAbove).open(file)) {
            long sum = 0;
            for (String key : store.contains("counts") ? store.keys(KeyPath.of("counts")) : List.<String>of()) {
                sum += store.get(KeyPath.of("counts", key), Long.class);
            }
            assertThat(store.getOrDefault("sum", Long.class, 0L)).as("%s", said).isEqualTo(sum);
            acknowledged.forEach((key, value) -> assertThat(store.get(KeyPath.of("counts", key), Long.class))
                    .as("%s after %s", key, said)
                    .isGreaterThanOrEqualTo(value));
            acknowledged()
                    .forEach((key, value) -> assertThat(store.get(KeyPath.of("counts", key), Long.class))
                            .as("%s after %s", key, said)
                            .isLessThanOrEqualTo(
                                    value + 1 + lines("fail " + key).size()));
        }
    }
}
