package dev.heartwood.log;

import dev.heartwood.Origin;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.RecordedCommits;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** The commits that a log still has: its newest checkpoint, and the entries after it. */
final class LogHistory {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    private final SharedLog log;
    private final RecordedCommits commits;
    private HashMap<String, @Nullable Object> tree;
    private Position at;

    private LogHistory(SharedLog log, Checkpoint start) {
        this.log = log;
        this.commits = new RecordedCommits(start.version(), start.tree(), UNKNOWN);
        this.tree = start.tree();
        this.at = start.at();
    }

    /**
     * Reads the commits up to the present end of the log.
     *
     * @throws StoreIOException if the log does not answer, or refuses
     * @throws dev.heartwood.StoreException if the log holds no tree, or one of a newer version of the library
     */
    static RecordedCommits read(SharedLog log) {
        Wiring wiring = Wiring.system();
        LogRequests.Retries again = new LogRequests(
                        wiring.clock(), wiring.random(), LogOptions.DEFAULT.deadline(), () -> false)
                .checkpointRetries();
        try {
            Position end = log.last();
            do {
                LogHistory history = new LogHistory(log, Replica.load(log, log::get, again));
                if (history.readTo(end.number())) {
                    return history.commits;
                }
            } while (again.pause());
            throw new StoreIOException("the log is trimmed faster than it can be read: try again later", null);
        } catch (Unavailable | Refused e) {
            throw new StoreIOException("the history of the log cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads up to a number; false if the entries were trimmed meanwhile. */
    private boolean readTo(long number) throws Unavailable, Refused {
        while (at.number() < number) {
            Position before = at;
            for (Entry entry : log.read(at.number() + 1).entries()) {
                EntryText text = entry.at().number() == at.number() + 1 ? EntryText.read(log::get, entry) : null;
                if (text == null) {
                    return false;
                }
                add(entry.at(), text);
            }
            if (at == before) {
                return false;
            }
        }
        return true;
    }

    private void add(Position next, EntryText text) {
        if (!text.on().equals(at.id())) {
            throw new StoreIOException(
                    "entry " + next + " of the log does not follow entry " + at
                            + ". The log was restored or changed while it was read: try again",
                    null);
        }
        long version = text.firstVersion();
        for (String line : text.commits()) {
            LogFormat.Step step = LogFormat.step(next, line, tree);
            tree = step.tree();
            commits.add(version++, tree, step.origin());
        }
        at = next;
    }
}
