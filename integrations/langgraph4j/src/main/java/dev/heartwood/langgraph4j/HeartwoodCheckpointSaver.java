package dev.heartwood.langgraph4j;

import dev.heartwood.KeyPath;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.checkpoint.BaseCheckpointSaver;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.checkpoint.HasVersions;
import org.bsc.langgraph4j.serializer.StateSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of LangGraph4j's graphs in a tree: in memory, in a JSON file, in a SQLite file that processes share.
 *
 * <p>A thread is a key below the place that was given: {@code /THREAD/checkpoints} has its checkpoints, oldest first, and
 * {@code /THREAD/tags/N} those that {@link #release} has set aside for the Nth time.
 *
 * <p><b>Atomicity.</b> Each call is one read or one commit, as durable as the store promises when it returns. A checkpoint is
 * appended to the newest list: of several runs, savers and processes that put at once, none loses one. {@link #update}
 * reads a checkpoint and puts the next one in one commit, which {@code CompiledGraph.updateState} does in two.
 *
 * <p>A checkpoint is accepted only if the serializer reads it back. If a checkpoint was damaged later, by hand, reading
 * it throws an {@link IllegalStateException} that names its place; the others stay readable.
 *
 * <p>Each checkpoint that is read is a copy: a reader's changes to its state have no effect here.
 *
 * <p>Thread-safe.
 */
public final class HeartwoodCheckpointSaver implements BaseCheckpointSaver, HasVersions {
    private static final String CHECKPOINTS = "checkpoints";
    private static final String TAGS = "tags";

    /** Tags as {@link #release} writes them; other keys that a person has put beside them by hand are no tags. */
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    private final TreeEditor place;
    private final CheckpointNodes nodes;

    private HeartwoodCheckpointSaver(TreeEditor place, CheckpointNodes nodes) {
        this.place = place;
        this.nodes = nodes;
    }

    /**
     * Checkpoints at this place: a store, or better a part of one, as in {@code of(store.under("graphs"), serializer)}.
     *
     * @param place not a transaction, which ends
     * @param serializer of the graph, {@code graph.getStateSerializer()}: one that writes text, such as LangGraph4j's for
     *     Jackson and Gson, makes states that people can read; the states of any other one are bytes, as Base64
     */
    public static HeartwoodCheckpointSaver of(TreeEditor place, StateSerializer<?> serializer) {
        return new HeartwoodCheckpointSaver(
                Objects.requireNonNull(place, "place"),
                new CheckpointNodes(Objects.requireNonNull(serializer, "serializer")));
    }

    /** The checkpoints of the thread, newest first. */
    @Override
    public Collection<Checkpoint> list(RunnableConfig config) {
        return list(place, config);
    }

    /**
     * The checkpoints of the thread as a state of the store had them, newest first, also those that were replaced or released
     * since: {@code list(history.at(version).under("graphs"), config)}.
     *
     * @param past a view of the place that this saver has
     */
    public Collection<Checkpoint> list(TreeView past, RunnableConfig config) {
        Objects.requireNonNull(past, "past");
        KeyPath path = checkpoints(thread(config));
        return read(stored(past, path), path);
    }

    /**
     * The checkpoint whose id the configuration has, the newest if there are several, or else the newest one of the thread.
     */
    @Override
    public Optional<Checkpoint> get(RunnableConfig config) {
        KeyPath path = checkpoints(thread(config));
        Vector<@Nullable Object> stored = stored(place, path);
        int index = find(stored, config);
        return index < 0 ? Optional.empty() : Optional.of(nodes.read(stored.get(index), path.child(index)));
    }

    /**
     * Appends a checkpoint to the thread. Where the configuration has the id of a checkpoint, replaces that one, the newest
     * if there are several.
     *
     * @return the configuration, with the id of the checkpoint that was appended
     * @throws NoSuchElementException if there is no checkpoint with the id; then nothing is changed
     * @throws IllegalArgumentException if the serializer cannot write the state and read it back, or if it has more than 200
     *     nested maps and lists; then nothing is changed
     */
    @Override
    public RunnableConfig put(RunnableConfig config, Checkpoint checkpoint) {
        KeyPath path = checkpoints(thread(config));
        Object node = nodes.write(Objects.requireNonNull(checkpoint, "checkpoint"));
        place.atomically(tx -> {
            if (config.checkPointId().isEmpty()) {
                append(tx, path, node);
            } else {
                tx.put(path.child(existing(stored(tx, path), config)), node);
            }
        });
        return config.checkPointId().isPresent() ? config : with(config, checkpoint);
    }

    /**
     * Makes the next checkpoint of the one that {@link #get} finds, in one commit: of two concurrent updates, the later
     * one works on the result of the earlier one.
     *
     * @param next runs again where the thread was changed meanwhile; it must have no other effects. It receives a state
     *     that it may modify. If the id of its result is already the id of a checkpoint of the thread, such as that of
     *     its argument, the result gets a new id
     * @return the configuration with the id of the new checkpoint
     * @throws NoSuchElementException if there is no checkpoint; then nothing is changed
     * @throws IllegalArgumentException as {@link #put} does; then nothing is changed
     */
    public RunnableConfig update(RunnableConfig config, UnaryOperator<Checkpoint> next) {
        KeyPath path = checkpoints(thread(config));
        Objects.requireNonNull(next, "next");
        AtomicReference<Checkpoint> made = new AtomicReference<>();
        place.atomically(tx -> {
            Vector<@Nullable Object> stored = stored(tx, path);
            int index = existing(stored, config);
            Checkpoint before = nodes.read(stored.get(index), path.child(index));
            Checkpoint after = Objects.requireNonNull(next.apply(before), "the next checkpoint");
            Checkpoint fresh = indexOf(stored, after.getId()) < 0 ? after : Checkpoint.copyOf(after);
            append(tx, path, nodes.write(fresh));
            made.set(fresh);
        });
        return with(config, Objects.requireNonNull(made.get()));
    }

    /**
     * Sets the checkpoints of the thread aside, as its next {@linkplain #tag tag}: a run then begins anew.
     *
     * @return the checkpoints, newest first; none where there are none, which makes no tag
     * @throws IllegalStateException if one of them cannot be read; then none is set aside
     */
    @Override
    public Tag release(RunnableConfig config) {
        String thread = thread(config);
        KeyPath path = checkpoints(thread);
        AtomicReference<List<Checkpoint>> released = new AtomicReference<>(List.of());
        place.atomically(tx -> {
            Vector<@Nullable Object> stored = stored(tx, path);
            // Read before anything is set aside: a release whose result cannot be returned must change nothing.
            released.set(read(stored, path));
            if (!stored.isEmpty()) {
                int version = lastVersion(versions(tx, thread)).orElse(0) + 1;
                tx.put(tags(thread).child(String.valueOf(version)), stored);
                tx.discard(path);
            }
        });
        return new Tag(thread, Objects.requireNonNull(released.get()));
    }

    /**
     * The checkpoints that were set aside by the {@code version}th release of the thread, counted from 1; null is the thread
     * without a name.
     */
    public Optional<Tag> tag(@Nullable String threadId, int version) {
        String thread = thread(threadId);
        KeyPath path = tags(thread).child(String.valueOf(version));
        Vector<@Nullable Object> stored = stored(place, path);
        return stored.isEmpty() ? Optional.empty() : Optional.of(new Tag(thread, read(stored, path)));
    }

    /** The numbers of the tags of the thread, in their order; null is the thread without a name. */
    @Override
    public Collection<Integer> versionsByThreadId(@Nullable String threadId) {
        return versions(place, thread(threadId));
    }

    /** The number of the newest tag of the thread; null is the thread without a name. */
    @Override
    public Optional<Integer> lastVersionByThreadId(@Nullable String threadId) {
        return lastVersion(versions(place, thread(threadId)));
    }

    private static void append(TreeEditor tx, KeyPath path, @Nullable Object node) {
        tx.init(path, Vector.empty());
        tx.append(path, node);
    }

    /** The index of the checkpoint that the configuration names; negative where there is none. */
    private static int find(Vector<@Nullable Object> stored, RunnableConfig config) {
        return config.checkPointId().map(id -> indexOf(stored, id)).orElse(stored.size() - 1);
    }

    private static int existing(Vector<@Nullable Object> stored, RunnableConfig config) {
        int index = find(stored, config);
        if (index < 0) {
            throw missing(config);
        }
        return index;
    }

    /** Of several with one id the newest, as LangGraph4j's own savers find it. */
    private static int indexOf(Vector<@Nullable Object> stored, String id) {
        return stored.lastIndexWhere(each -> id.equals(CheckpointNodes.id(each)));
    }

    private List<Checkpoint> read(Vector<@Nullable Object> stored, KeyPath path) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        stored.forEach(each -> checkpoints.add(nodes.read(each, path.child(checkpoints.size()))));
        Collections.reverse(checkpoints);
        return Collections.unmodifiableList(checkpoints);
    }

    /** The list at the path, in one read; empty where nothing is. */
    @SuppressWarnings("unchecked") // vectors of a tree hold any value
    private static Vector<@Nullable Object> stored(TreeView view, KeyPath path) {
        Object value = view.getOrDefault(path, Vector.empty());
        return value instanceof Vector<?>
                ? (Vector<@Nullable Object>) value
                : view.vectorAt(path); // its exception names the actual value
    }

    private static NavigableSet<Integer> versions(TreeView view, String thread) {
        NavigableSet<Integer> versions = new TreeSet<>();
        KeyPath tags = tags(thread);
        if (view.contains(tags)) {
            view.keys(tags).stream()
                    .filter(VERSION.asMatchPredicate())
                    .forEach(key -> versions.add(Integer.valueOf(key)));
        }
        return versions;
    }

    private static Optional<Integer> lastVersion(NavigableSet<Integer> versions) {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.last());
    }

    private static KeyPath checkpoints(String thread) {
        return KeyPath.of(thread, CHECKPOINTS);
    }

    private static KeyPath tags(String thread) {
        return KeyPath.of(thread, TAGS);
    }

    private static String thread(RunnableConfig config) {
        return thread(Objects.requireNonNull(config, "config").threadId().orElse(null));
    }

    private static String thread(@Nullable String threadId) {
        return threadId == null ? THREAD_ID_DEFAULT : threadId;
    }

    private static RunnableConfig with(RunnableConfig config, Checkpoint checkpoint) {
        return RunnableConfig.builder(config).checkPointId(checkpoint.getId()).build();
    }

    private static NoSuchElementException missing(RunnableConfig config) {
        return new NoSuchElementException("The thread \"" + thread(config) + "\" has no checkpoint"
                + config.checkPointId().map(id -> " with the id " + id).orElse("") + ". Nothing was changed.");
    }
}
