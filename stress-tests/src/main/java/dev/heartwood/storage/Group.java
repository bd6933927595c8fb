package dev.heartwood.storage;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Commits that are decided in groups, without a database: each of another key, decided by whoever leads. */
final class Group {
    /** How a commit ended: it is there. */
    static final int DECIDED = 1;
    /** How a commit ended: another process's came before it. */
    static final int TAKEN_BACK = 2;

    /** Half of it is time enough for a commit to be waited for. */
    private static final long LONG_NANOS = 120_000;

    private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
    private final CommitQueue<String> ahead = new CommitQueue<>(timeline);
    private final Alone leader = new Alone();
    // Who looks for commits of others need not lead, as in the CommitWriter of SQLite.
    private final ReentrantLock deciding = new ReentrantLock();

    /** Commits, and waits for the end of that. */
    int commit(String key) {
        return ahead.settle(accept(key), () -> leader.run(this::decide)) ? DECIDED : TAKEN_BACK;
    }

    /** So many commits one after the other; how many were decided. */
    int commit(String key, int times) {
        int decided = 0;
        for (int i = 0; i < times; i++) {
            decided += commit(key + i) == DECIDED ? 1 : 0;
        }
        return decided;
    }

    /** Decides one commit alone, in a transaction that lasts: so those who come meanwhile will wait for one more. */
    void commitLong(Runnable meanwhile) {
        ahead.settle(
                accept("first"),
                () -> leader.run(() -> {
                    List<PendingCommit<String>> first = ahead.waitingAfter(null);
                    long began = System.nanoTime();
                    meanwhile.run();
                    while (System.nanoTime() - began < LONG_NANOS) {
                        Thread.onSpinWait();
                    }
                    ahead.decided(first.get(0));
                }));
    }

    /** Finds a commit of another process, made on what is durable. */
    void look() {
        deciding.lock();
        try {
            ahead.joined(next(ahead.durable(), "foreign"));
        } finally {
            deciding.unlock();
        }
    }

    /** How many led at once. */
    int leaders() {
        return leader.most();
    }

    /** The commits that are there. */
    Set<String> published() {
        ahead.publish();
        return timeline.newest().root().keySet().toJavaSet();
    }

    private Snapshot accept(String key) {
        Snapshot head;
        Snapshot next;
        do {
            head = ahead.head();
            next = next(head, key);
        } while (!ahead.accept(head, next, key));
        return next;
    }

    private Snapshot next(Snapshot before, String key) {
        return timeline.state(
                Math.max(before.version(), ahead.head().version()) + 1,
                before.root().put(key, 1));
    }

    private void decide() {
        deciding.lock();
        try {
            List<PendingCommit<String>> all = ahead.waitingAfter(null);
            if (!all.isEmpty()) {
                ahead.decided(all.get(all.size() - 1));
            }
        } finally {
            deciding.unlock();
        }
    }
}
