package dev.heartwood.examples;

import static java.util.Objects.requireNonNull;

import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.Transaction;
import dev.heartwood.sqlite.SqliteStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A queue of jobs in a file that several processes share. A taker that finds the queue empty sleeps until a job comes,
 * from any process; urgent jobs go first; a producer sleeps while the queue is full. The job of a taker that is killed
 * goes back into the queue, and one that was only held up cannot report a job that another one has taken over.
 *
 * <p>Arguments: the file, then {@code take NAME}, until it takes the job {@code stop}, with {@code MILLIS} for the time that
 * a job takes (0 unless given); or {@code give COUNT}, which gives jobs with the numbers 1 to COUNT; or {@code stop COUNT},
 * which ends that many takers.
 */
public final class JobQueue {
    private static final KeyPath URGENT = KeyPath.of("queue", "urgent");
    private static final KeyPath ORDINARY = KeyPath.of("queue", "ordinary");
    private static final KeyPath TAKEN = KeyPath.of("taken");
    private static final KeyPath DONE = KeyPath.of("done");
    private static final int MOST = 10;
    private static final String STOP = "stop";
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private JobQueue() {}

    /** Gives or takes jobs; exits with 1, and a sentence that says why, when it cannot. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length != 3 && args.length != 4) {
            fail("expected a file and what to do, such as: jobs.db take ann, jobs.db give 20, or jobs.db stop 1");
        }
        try (Store store = SqliteStore.open(Path.of(args[0]))) {
            store.init(URGENT, List.of());
            store.init(ORDINARY, List.of());
            switch (args[1]) {
                case "take" -> take(store, args[2], args.length > 3 ? Long.parseLong(args[3]) : 0, out);
                case "give" -> give(store, Integer.parseInt(args[2]));
                case "stop" -> stop(store, Integer.parseInt(args[2]));
                default -> fail("expected take, give or stop, not " + args[1]);
            }
        } catch (StoreException | IllegalArgumentException | TimeoutException e) {
            fail(e.getMessage());
        } catch (InterruptedException e) {
            fail("interrupted");
        }
    }

    private static void take(Store store, String me, long millis, PrintStream out)
            throws InterruptedException, TimeoutException {
        store.onSessionEnd("give back", (tx, place) -> tx.move(place, ORDINARY.child(0)));
        try (Session session = store.session(me, TIME_TO_LIVE)) {
            KeyPath mine = TAKEN.child(Long.toString(session.fence()));
            session.own(mine, "give back");
            out.println(me + " waits for jobs");
            for (String job = next(store, session, mine); !job.equals(STOP); job = next(store, session, mine)) {
                out.println(me + " took " + job);
                Thread.sleep(millis);
                report(store, session, mine, me);
            }
        }
    }

    /** The next job: an urgent one, else an ordinary one; sleeps while there is neither. */
    private static String next(Store store, Session session, KeyPath mine)
            throws InterruptedException, TimeoutException {
        return store.<String, RuntimeException>awaitTransact(
                tx -> {
                    tx.require(session);
                    String job = tx.orElse(first -> poll(first, URGENT), second -> poll(second, ORDINARY));
                    if (!job.equals(STOP)) {
                        tx.put(mine, job);
                    }
                    return job;
                },
                PATIENCE);
    }

    /** Marks the job as done; refused if the session has ended, since the job then belongs to another taker. */
    private static void report(Store store, Session session, KeyPath mine, String me) {
        store.batch(tx -> {
            tx.require(session);
            String job = requireNonNull((String) tx.remove(mine));
            if (!tx.init(DONE.child(job), me)) {
                throw new IllegalStateException(job + " was done twice");
            }
        });
    }

    private static String poll(Transaction tx, KeyPath list) {
        tx.check(tx.size(list) > 0);
        return requireNonNull((String) tx.remove(list.child(0)));
    }

    /** Every fifth job is urgent; sleeps while the queue is full. */
    private static void give(Store store, int count) throws InterruptedException, TimeoutException {
        for (int i = 1; i <= count; i++) {
            put(store, i % 5 == 0 ? URGENT : ORDINARY, "job " + i);
        }
    }

    private static void stop(Store store, int takers) throws InterruptedException, TimeoutException {
        for (String each : IntStream.range(0, takers).mapToObj(i -> STOP).toList()) {
            put(store, ORDINARY, each);
        }
    }

    private static void put(Store store, KeyPath list, String job) throws InterruptedException, TimeoutException {
        boolean ignored = store.<Boolean, RuntimeException>awaitTransact(
                tx -> {
                    tx.check(tx.size(list) < MOST);
                    tx.append(list, job);
                    return true;
                },
                PATIENCE);
    }

    private static void fail(@Nullable String why) {
        System.err.println("job queue: " + why);
        System.exit(1);
    }
}
