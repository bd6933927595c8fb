package dev.heartwood.examples;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.TreeView;
import dev.heartwood.json.Json;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogStore;
import dev.heartwood.sqlite.SqliteStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several processes work off one list of jobs, which they share through a file or through a server. Each job is done
 * once.
 *
 * <p>Arguments: the file, or {@code --postgres}, {@code --etcd} or {@code --redis} and the URL of a server (with {@code -Pall}, which has the engines); a name for this process; and the number of jobs
 * (default: 20; the first process decides). Start it in two terminals: the first waits for the second, half a minute at
 * most.
 */
public final class JobBoard {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);
    private static final int WORK_MILLIS = 100;
    /** The name of the tree on a server. */
    private static final String TREE = "job board";

    private JobBoard() {}

    /** Works until all jobs are done; exits with 1, and a sentence that says why, when it cannot. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Deque<String> words = new ArrayDeque<>(List.of(args));
        try (Store board = open(words)) {
            String me = word(words);
            work(board, me, words.isEmpty() ? 20 : Integer.parseInt(words.remove()), out);
        } catch (StoreException | IllegalArgumentException | TimeoutException e) {
            fail(e.getMessage());
        } catch (InterruptedException e) {
            fail("interrupted");
        }
    }

    private static Store open(Deque<String> words) {
        String first = word(words);
        return switch (first) {
            case "--postgres", "--etcd", "--redis" ->
                LogStore.over(LogAddress.of(word(words), TREE).connect());
            default -> SqliteStore.open(Path.of(first));
        };
    }

    private static String word(Deque<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a file and a name, such as: shared.db ann; or a server and a name,"
                            + " such as: --postgres jdbc:postgresql://localhost/app?user=app ann");
        }
        return words.remove();
    }

    private static void work(Store board, String me, int jobs, PrintStream out)
            throws InterruptedException, TimeoutException {
        List<String> todo =
                IntStream.rangeClosed(1, jobs).mapToObj(i -> "job " + i).toList();
        boolean first = board.init("board", Map.of("todo", todo, "done", Map.of(), "size", jobs));
        out.println(me + (first ? " puts up " + jobs + " jobs" : " joins"));
        waitForCompany(board, me, out);
        for (String job = take(board, me); job != null; job = take(board, me)) {
            Thread.sleep(WORK_MILLIS);
            board.put(KeyPath.of("board", "done", job), me);
            out.println(me + " did " + job);
        }
        Snapshot end = board.await(JobBoard::isDone, PATIENCE);
        out.println(Json.pretty(end.getMap(KeyPath.of("board", "done"))));
    }

    /** Waits for a second process, so that there are two to be seen at work. */
    private static void waitForCompany(Store board, String me, PrintStream out) throws InterruptedException {
        board.merge("workers", Long.class, 1L, Long::sum);
        try {
            board.await(view -> view.get("workers", Long.class) > 1 || isDone(view), HALF_A_MINUTE);
        } catch (TimeoutException e) {
            out.println(me + " begins alone");
        }
    }

    /** Takes the first job that is left; null when none is. */
    private static @Nullable String take(Store board, String me) {
        return board.<@Nullable String>transact(tx -> {
            KeyPath todo = KeyPath.of("board", "todo");
            if (tx.size(todo) == 0) {
                return null;
            }
            tx.merge(KeyPath.of("taken by", me), Long.class, 1L, Long::sum);
            return (String) tx.remove(todo.child(0));
        });
    }

    private static boolean isDone(TreeView board) {
        return board.size(KeyPath.of("board", "done")) == board.get(KeyPath.of("board", "size"), Integer.class);
    }

    private static void fail(@Nullable String why) {
        System.err.println("job board: " + why);
        System.exit(1);
    }
}
