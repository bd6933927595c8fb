package dev.heartwood.history;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.TreeView;
import dev.heartwood.history.StateChain.Link;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a history at one moment: states in version order, each but the first made by the commit after the one
 * before.
 */
final class Records {
    private final List<Link> links;
    private final Instant start;
    private final RecordedPlaces places;
    /** The newest version that was examined: if only some places are recorded, it may have changed none of them. */
    private final long newest;

    private Records(List<Link> links, Instant start, RecordedPlaces places, long newest) {
        this.links = links;
        this.start = start;
        this.places = places;
        this.newest = newest;
    }

    /**
     * The content of a chain now; its first state was there at {@code start}, if it does not have a time of its own.
     */
    static Records of(StateChain chain, Instant start) {
        return new Records(links(chain), start, RecordedPlaces.ALL, 0);
    }

    /** The same for a chain that records only some places, for all states up to a version. */
    static Records of(StateChain chain, Instant start, RecordedPlaces places, long newest) {
        return new Records(links(chain), start, places, newest);
    }

    private static List<Link> links(StateChain chain) {
        List<Link> links = new ArrayList<>();
        Link next = chain.oldest();
        while (next != null) {
            Link link = next;
            // Read before its state: a link with a next link has its final state.
            next = link.next();
            links.add(link.fixed());
        }
        return links;
    }

    /** States that were read from a file, oldest first. */
    static Records of(List<Link> links) {
        return new Records(links, Instant.MIN, RecordedPlaces.ALL, 0);
    }

    /** A copy, within the limits of the options. It lacks the places that these records lack, too. */
    Records copy(HistoryOptions options) {
        RecordedPlaces kept = places.copiedWith(options.places());
        StateChain chain = kept.newChain(options.commitsOfCopy());
        PartialChain part = new PartialChain(chain, kept, state(0));
        for (Link link : links.subList(1, links.size())) {
            part.add(link.state(), link.gap);
        }
        new Retention(chain, options, Clock.systemUTC()).trim();
        return part.records(start);
    }

    RecordedPlaces places() {
        return places;
    }

    List<Snapshot> states() {
        List<Snapshot> states = new ArrayList<>(links.size());
        for (Link link : links) {
            states.add(link.state());
        }
        return Collections.unmodifiableList(states);
    }

    Snapshot at(long version) {
        int next = indexAfter(version);
        if (next > 0 && (state(next - 1).version() == version || isLeftOut(version, next))) {
            return state(next - 1);
        }
        throw new NoSuchStateException("no state with version " + version + " is kept, but " + this);
    }

    /** The index of the state with a version; -1 if it is not kept. */
    int indexOf(long version) {
        int index = indexAfter(version) - 1;
        return index >= 0 && state(index).version() == version ? index : -1;
    }

    /** The index of the first state with a later version; the number of states if there is none. */
    int indexAfter(long version) {
        int low = 0;
        int high = links.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (state(middle).version() <= version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether a version between two states was left out because it changed no recorded place. */
    private boolean isLeftOut(long version, int next) {
        return next == links.size()
                ? places.isSparse() && version <= newest
                : !links.get(next).gap && (places.isSparse() || links.get(next).sessions);
    }

    Snapshot asOf(Instant time) {
        Snapshot found = null;
        Instant last = Instant.MIN;
        for (int i = 0; i < links.size(); i++) {
            Instant own = i == 0 ? timeOfFirst() : state(i).origin().time();
            // Made monotone: a later version never has an earlier time.
            last = own == null || own.isBefore(last) ? last : own;
            if (last.isAfter(time)) {
                break;
            }
            found = state(i);
        }
        if (found == null) {
            throw new NoSuchStateException(
                    "no state of " + time + " is kept: the oldest one is of " + timeOfFirst() + "; kept are " + this);
        }
        return found;
    }

    private Instant timeOfFirst() {
        Instant own = state(0).origin().time();
        return own == null ? start : own;
    }

    @Nullable
    Snapshot first(Predicate<? super TreeView> condition) {
        for (Link link : links) {
            if (condition.test(link.state())) {
                return link.state();
            }
        }
        return null;
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i < links.size(); i++) {
            if (!isOfSessions(i)) {
                entries.add(entry(i, KeyPath.root()));
            }
        }
        return Collections.unmodifiableList(entries);
    }

    List<Entry> of(KeyPath path) {
        List<Entry> entries = new ArrayList<>();
        Object before = node(0, path);
        for (int i = 1; i < links.size(); i++) {
            Object after = node(i, path);
            if (isShownAt(path, i) && differ(before, after)) {
                entries.add(entry(i, path));
            }
            before = after;
        }
        return Collections.unmodifiableList(entries);
    }

    @Nullable
    Entry blame(KeyPath path) {
        Object after = node(links.size() - 1, path);
        for (int i = links.size() - 1; i > 0; i--) {
            Object before = node(i - 1, path);
            if (isShownAt(path, i) && differ(before, after)) {
                return entry(i, path);
            }
            after = before;
        }
        return null;
    }

    /** Whether the step to a state (not the first) changed the value at a path. */
    boolean isChanged(KeyPath path, int index) {
        return differ(node(index - 1, path), node(index, path));
    }

    private static boolean differ(@Nullable Object before, @Nullable Object after) {
        return before != after && !TreeEquality.trees(before, after);
    }

    /** Whether only steps of sessions led to a state. */
    boolean isOfSessions(int index) {
        return links.get(index).sessions;
    }

    /** Whether the step to a state (not the first) has undone or redone another one, as its label says. */
    boolean isUndoing(int index) {
        return links.get(index).undoing;
    }

    /** Steps that only change sessions are shown only for the records of sessions. */
    private boolean isShownAt(KeyPath path, int index) {
        return path.size() > 0 || !isOfSessions(index);
    }

    /** The number of states. */
    int size() {
        return links.size();
    }

    /** The entry at a path for the commit that made a state (not the first). */
    Entry entry(int index, KeyPath path) {
        return new Entry(path, state(index - 1), state(index), links.get(index).gap);
    }

    private Snapshot state(int index) {
        return links.get(index).state();
    }

    private @Nullable Object node(int index, KeyPath path) {
        return state(index).getOrDefault(path, Nodes.MISSING);
    }

    @Override
    public String toString() {
        return "versions " + state(0).version() + " to "
                + state(links.size() - 1).version() + " in " + links.size() + " states";
    }
}
