package dev.heartwood.history;

import dev.heartwood.Origin;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.history.StateChain.Link;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects commits that are read from a file or a log: begin with the oldest state, and add the later ones. For one
 * thread.
 */
public final class RecordedCommits {
    /** Makes the snapshots of recorded states. */
    private final Timeline timeline = Root.inMemory(Map.of()).timeline();

    private final List<Link> links = new ArrayList<>();
    private final boolean foldsSessions;

    /**
     * Commits after a state.
     *
     * @param version its version
     * @param tree its tree, from a snapshot or a reader of the library
     * @param origin its origin
     */
    public RecordedCommits(long version, HashMap<String, @Nullable Object> tree, Origin origin) {
        this(version, tree, origin, true);
    }

    RecordedCommits(long version, HashMap<String, @Nullable Object> tree, Origin origin, boolean foldsSessions) {
        this.foldsSessions = foldsSessions;
        links.add(new Link(timeline.state(version, tree, origin), 0, false, false));
    }

    /**
     * Adds the next commit.
     *
     * @param version larger than that of the state before it
     * @param tree the tree after the commit
     * @param origin its origin
     */
    public void add(long version, HashMap<String, @Nullable Object> tree, Origin origin) {
        add(version, tree, origin, false);
    }

    /** Adds the next known state, if the commits that led to it are missing. */
    public void addAfterGap(long version, HashMap<String, @Nullable Object> tree, Origin origin) {
        add(version, tree, origin, true);
    }

    private void add(long version, HashMap<String, @Nullable Object> tree, Origin origin, boolean gap) {
        if (newest().version() >= version) {
            throw new IllegalArgumentException("expected a version after " + newest().version() + ", not " + version);
        }
        Snapshot state = timeline.state(version, tree, origin);
        boolean sessions = foldsSessions && !gap && SessionSteps.isOne(newest(), state);
        if (sessions && links.get(links.size() - 1).sessions) {
            links.remove(links.size() - 1);
        }
        links.add(new Link(state, links.size(), gap, sessions));
    }

    /** The newest state. */
    public Snapshot newest() {
        return links.get(links.size() - 1).state();
    }

    Records records() {
        return Records.of(List.copyOf(links));
    }
}
