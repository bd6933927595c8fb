package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The steps of a commit to a small JSON file, one by one: how many calls of the file system each takes, and how long they take. Run it
 * with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.CommitSteps [DIRECTORY]}. On a memory file system
 * ({@code /dev/shm}) the syncs cost nothing, and the rest is processor time.
 *
 * <p>Each call is timed by a proxy, which adds some tenths of a microsecond to it.
 */
public final class CommitSteps {
    private static final int WARM_UP = 3_000;
    private static final int COMMITS = 2_000;
    private static final int ROUNDS = 5;
    private static final String FILE = "state.json";
    private static final String TABLE = "commit-steps";
    // The columns of the table.
    private static final String BARE = "as the bare calls do";
    private static final String MORE = "more";
    /** While the caller goes on. */
    private static final String AFTER = "after the answer";

    /** For each step the number of its calls, and their nanoseconds. */
    private final Map<Step, long[]> steps = new EnumMap<>(Step.class);

    /** What calls are for, in the order in which a commit makes them, and the column of their time. */
    private enum Step {
        CREATE("creates the next file", BARE),
        WRITE("writes it", BARE),
        SIZE("looks at its size: a file system may write less, and say nothing", MORE),
        SYNC("syncs it", BARE),
        CLOSE("closes it", BARE),
        ATTRIBUTES("looks at the attributes of the file, and whether anybody has changed its rights", MORE),
        COMPARE("compares the file with what was written there last", MORE),
        LINK("gives the file a second name: an editor may still write into it", MORE),
        HELD("looks whether another process has taken the store over", MORE),
        RENAME("renames the next file", BARE),
        DIRECTORY("syncs the directory", BARE),
        FOLLOWERS("tells followers how far the store is durable", MORE),
        LOG("adds the commit to the log of the newest ones (`keepCommits`)", AFTER),
        DELETE("deletes the file that was replaced before", AFTER),
        OTHER("other calls", MORE);

        final String words;
        final String column;

        Step(String words, String column) {
            this.words = words;
            this.column = column;
        }

        static Step of(String call, String file) {
            if (file.equals(FILE)) {
                return switch (call) {
                    case "attributes" -> ATTRIBUTES;
                    case "link" -> LINK;
                    case "compare", "holds", "close" -> COMPARE;
                    default -> OTHER;
                };
            } else if (file.startsWith("." + FILE)) {
                return switch (call) {
                    case "create" -> CREATE;
                    case "write" -> WRITE;
                    case "requireSize" -> SIZE;
                    case "force" -> SYNC;
                    case "close" -> CLOSE;
                    case "rename" -> RENAME;
                    default -> OTHER;
                };
            }
            return switch (call + " " + file) {
                case "delete replaced", "delete replaced-2" -> DELETE;
                case "stamp holder" -> HELD;
                case "write durable" -> FOLLOWERS;
                case "write commits.jsonl" -> LOG;
                default -> call.equals("forceDirectory") ? DIRECTORY : OTHER;
            };
        }
    }

    private CommitSteps() {}

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException {
        Path parent = Path.of(arguments.length > 0 ? arguments[0] : ".").toAbsolutePath();
        Path directory = Files.createTempDirectory(parent, "commit-steps").toRealPath();
        try {
            new CommitSteps().measure(directory.resolve(FILE));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void measure(Path file) throws IOException {
        KeyPath counter = KeyPath.of("counter");
        Disk disk = (Disk) timed(new RealDisk(), Disk.class, "");
        StoreContext context = new StoreContext(
                disk, new StoreLayout(file), Json.options().treeFormat(), Settings.DEFAULT, Reporter.NOBODY);
        try (Store store = Store.over(FileRoot.open(context))) {
            store.batch(tx -> CommitLoad.tree(800).forEach(tx::put));
            for (int i = 0; i < WARM_UP; i++) {
                store.increment(counter);
            }
            for (int round = 0; round < ROUNDS; round++) {
                forget();
                long start = System.nanoTime();
                for (int i = 0; i < COMMITS; i++) {
                    store.increment(counter);
                }
                add(System.nanoTime() - start, round == ROUNDS - 1);
            }
        }
    }

    private synchronized void forget() {
        steps.clear();
    }

    private synchronized void add(long nanos, boolean last) {
        double rest = nanos / 1e3 / COMMITS;
        for (Map.Entry<Step, long[]> step : steps.entrySet()) {
            double calls = step.getValue()[0] / (double) COMMITS;
            double micros = step.getValue()[1] / 1e3 / COMMITS;
            // What happens once a minute is no step of a commit.
            if (calls > 0.5) {
                String column = step.getKey().column;
                rest -= column.equals(AFTER) ? 0 : micros;
                add(step.getKey().words, column, calls, micros, last);
            }
        }
        add("the rest: the tree, its text, the hand-over to the thread that writes, and back", MORE, 0, rest, last);
    }

    private static void add(String step, String column, double calls, double micros, boolean last) {
        if (calls > 0) {
            Figures.add(TABLE, step, "calls", calls, "");
        }
        Figures.add(TABLE, step, column, micros, "µs");
        if (last) {
            System.out.printf(Locale.ROOT, "%-80s %5.1f calls %8.1f µs, %s%n", step, calls, micros, column);
        }
    }

    /** The same object; its calls are timed, and so are those of what it opens. */
    private Object timed(Object real, Class<?> type, String opened) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            String file = opened.isEmpty() ? role(arguments) : opened;
            long start = System.nanoTime();
            Object result;
            try {
                result = method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            long nanos = System.nanoTime() - start;
            if (method.getReturnType() != boolean.class || arguments != null) {
                count(Step.of(method.getName(), file), nanos);
            }
            if (result instanceof Disk.Output) {
                return timed(result, Disk.Output.class, file);
            } else if (result instanceof Disk.Comparison) {
                return timed(result, Disk.Comparison.class, file);
            }
            return result;
        });
    }

    private synchronized void count(Step step, long nanos) {
        long[] sums = steps.computeIfAbsent(step, absent -> new long[2]);
        sums[0]++;
        sums[1] += nanos;
    }

    private static String role(Object[] arguments) {
        if (arguments == null || arguments.length == 0 || !(arguments[0] instanceof Path path)) {
            return "";
        }
        return String.valueOf(path.getFileName());
    }
}
