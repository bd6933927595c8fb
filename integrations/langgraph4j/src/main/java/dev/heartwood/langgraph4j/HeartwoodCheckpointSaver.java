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
 * <p>Each checkpoint that is read is a copy: what its reader does to its state changes nothing here.
 *
 * <p>Thread-safe.
 */
public final class HeartwoodCheckpointSaver implements BaseCheckpointSaver, HasVersions {
    private static final String CHECKPOINTS = "checkpoints";
    private static final String TAGS = "tags";

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
        return read(stored(past, checkpoints(threadId(config))));
    }

    /** The checkpoint whose id the configuration has, or else the newest one of the thread. */
    @Override
    public Optional<Checkpoint> get(RunnableConfig config) {
        Vector<@Nullable Object> stored = stored(place, checkpoints(threadId(config)));
        return find(stored, config).map(nodes::read);
    }

    /**
     * Appends a checkpoint to the thread. Where the configuration has the id of a checkpoint, replaces that one.
     *
     * @return the configuration, with the id of the checkpoint that was appended
     * @throws NoSuchElementException if there is no checkpoint with the id; then nothing is changed
     */
    @Override
    public RunnableConfig put(RunnableConfig config, Checkpoint checkpoint) {
        Object node = nodes.write(checkpoint);
        place.atomically(tx -> put(tx, config, node));
        return config.checkPointId().isPresent() ? config : with(config, checkpoint);
    }

    /**
     * Makes the next checkpoint of the one that {@link #get} finds, in one commit: of two updates at once each works on what
     * the other has left.
     *
     * @param next runs again where the thread was changed meanwhile; it must have no other effects. The state of what it is given
     *     is its own
     * @return the configuration with the id of the new checkpoint
     * @throws NoSuchElementException if there is no checkpoint; then nothing is changed
     */
    public RunnableConfig update(RunnableConfig config, UnaryOperator<Checkpoint> next) {
        AtomicReference<Checkpoint> made = new AtomicReference<>();
        place.atomically(tx -> {
            Vector<@Nullable Object> stored = stored(tx, checkpoints(threadId(config)));
            Checkpoint before = find(stored, config).map(nodes::read).orElseThrow(() -> missing(config));
            Checkpoint after = Objects.requireNonNull(next.apply(before), "the next checkpoint");
            Checkpoint fresh = after.getId().equals(before.getId()) ? Checkpoint.copyOf(after) : after;
            put(tx, RunnableConfig.builder(config).checkPointId(null).build(), nodes.write(fresh));
            made.set(fresh);
        });
        return with(config, Objects.requireNonNull(made.get()));
    }

    /**
     * Sets the checkpoints of the thread aside, as its next {@linkplain #tag tag}: a run then begins anew.
     *
     * @return the checkpoints, newest first; none where there are none, which makes no tag
     */
    @Override
    public Tag release(RunnableConfig config) {
        String thread = threadId(config);
        AtomicReference<Vector<@Nullable Object>> released = new AtomicReference<>(Vector.empty());
        place.atomically(tx -> {
            Vector<@Nullable Object> stored = stored(tx, checkpoints(thread));
            released.set(stored);
            if (!stored.isEmpty()) {
                int version = lastVersion(versions(tx, thread)).orElse(0) + 1;
                tx.put(KeyPath.of(thread, TAGS, String.valueOf(version)), stored);
                tx.discard(checkpoints(thread));
            }
        });
        return new Tag(thread, read(Objects.requireNonNull(released.get())));
    }

    /** The checkpoints that were set aside by the {@code version}th release of the thread, counted from 1. */
    public Optional<Tag> tag(String threadId, int version) {
        Vector<@Nullable Object> stored = stored(place, KeyPath.of(threadId, TAGS, String.valueOf(version)));
        return stored.isEmpty() ? Optional.empty() : Optional.of(new Tag(threadId, read(stored)));
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

    private static void put(TreeEditor tx, RunnableConfig config, @Nullable Object node) {
        KeyPath path = checkpoints(config.threadId().orElse(THREAD_ID_DEFAULT));
        if (config.checkPointId().isEmpty()) {
            tx.init(path, Vector.empty());
            tx.append(path, node);
            return;
        }
        int index =
                stored(tx, path).indexWhere(each -> config.checkPointId().get().equals(CheckpointNodes.id(each)));
        if (index < 0) {
            throw missing(config);
        }
        tx.put(path.child(index), node);
    }

    private static Optional<@Nullable Object> find(Vector<@Nullable Object> stored, RunnableConfig config) {
        return config.checkPointId()
                .map(id -> stored.find(each -> id.equals(CheckpointNodes.id(each))))
                .orElseGet(stored::lastOption)
                .toJavaOptional();
    }

    private List<Checkpoint> read(Vector<@Nullable Object> stored) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        stored.forEach(each -> checkpoints.add(nodes.read(each)));
        Collections.reverse(checkpoints);
        return Collections.unmodifiableList(checkpoints);
    }

    /** The list at the path, in one read; empty where nothing is. */
    @SuppressWarnings("unchecked") // vectors of a tree hold any value
    private static Vector<@Nullable Object> stored(TreeView view, KeyPath path) {
        Object value = view.getOrDefault(path, Vector.empty());
        return value instanceof Vector<?>
                ? (Vector<@Nullable Object>) value
                : view.vectorAt(path); // which says what is there
    }

    private static NavigableSet<Integer> versions(TreeView view, String thread) {
        NavigableSet<Integer> versions = new TreeSet<>();
        KeyPath tags = KeyPath.of(thread, TAGS);
        if (view.contains(tags)) {
            view.keys(tags).forEach(key -> versions.add(Integer.valueOf(key)));
        }
        return versions;
    }

    private static Optional<Integer> lastVersion(NavigableSet<Integer> versions) {
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.last());
    }

    private static KeyPath checkpoints(String thread) {
        return KeyPath.of(thread, CHECKPOINTS);
    }

    private static String thread(@Nullable String threadId) {
        return threadId == null ? THREAD_ID_DEFAULT : threadId;
    }

    private static RunnableConfig with(RunnableConfig config, Checkpoint checkpoint) {
        return RunnableConfig.builder(config).checkPointId(checkpoint.getId()).build();
    }

    private static NoSuchElementException missing(RunnableConfig config) {
        return new NoSuchElementException(
                "The thread \"" + config.threadId().orElse(THREAD_ID_DEFAULT) + "\" has no checkpoint"
                        + config.checkPointId().map(id -> " with the id " + id).orElse("") + ". Nothing was changed.");
    }
}
