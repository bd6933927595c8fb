package dev.heartwood.langchain4j;

import dev.heartwood.KeyPath;
import dev.heartwood.TreeEditor;
import dev.heartwood.json.Json;
import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopeSerializer;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import io.vavr.collection.HashMap;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's {@link AgenticScopeStore} in a tree: each scope is a JSON object, as LangChain4j writes it, at
 * {@code /AGENT ID/MEMORY ID} under the place that was given.
 *
 * <p>{@code AgenticScopePersister.setStore(HeartwoodAgenticScopeStore.of(store.under("scopes")))}, before the agents are
 * built. It needs {@code langchain4j-agentic} beside this artifact.
 *
 * <p><b>Holders at the same time.</b> Where two processes, or two systems of agents in one, hold the same scope, a save
 * merges the changes of its holder since it loaded or saved the scope, and leaves the rest as it is stored: states key
 * by key, invocations and the context appended. Of two values for one key the later save wins, as in a scope that
 * threads share.
 *
 * <p><b>Atomicity.</b> Each call is one read or one commit, as durable as the store promises when the call returns.
 *
 * <p>Thread-safe.
 */
public final class HeartwoodAgenticScopeStore implements AgenticScopeStore {
    private final TreeEditor place;

    private final Map<DefaultAgenticScope, Held> held = Collections.synchronizedMap(new WeakHashMap<>());

    /** A scope that is in use. Threads that share it save it one after the other: each change is brought in once. */
    private static final class Held {
        private final ReentrantLock saving = new ReentrantLock();

        /** The scope as it was when it was last loaded or saved. Guarded by the lock. */
        private Object base;

        Held(Object base) {
            this.base = base;
        }
    }

    private HeartwoodAgenticScopeStore(TreeEditor place) {
        this.place = Objects.requireNonNull(place);
    }

    /**
     * Scopes at this place: a store, or better a part of one, as in {@code of(store.under("scopes"))}.
     *
     * @param place not a transaction, which ends
     */
    public static HeartwoodAgenticScopeStore of(TreeEditor place) {
        return new HeartwoodAgenticScopeStore(place);
    }

    /** Brings the changes of this scope into the tree, in one commit. Returns true. */
    @Override
    public boolean save(AgenticScopeKey key, DefaultAgenticScope scope) {
        KeyPath path = path(key);
        // A new scope that others have stored meanwhile was created twice: all its contents count as changes.
        Held own = held.computeIfAbsent(scope, created -> new Held(HashMap.empty()));
        own.saving.lock();
        try {
            // Read under the lock: what an earlier save has brought in is in the base, and all of it is here, too.
            Object mine = write(scope);
            place.atomically(tx -> {
                Object stored = tx.getOrDefault(path, null);
                tx.set(path, stored == null ? mine : ScopeMerge.merge(own.base, stored, mine));
            });
            own.base = mine;
        } finally {
            own.saving.unlock();
        }
        return true;
    }

    @Override
    public Optional<DefaultAgenticScope> load(AgenticScopeKey key) {
        Object stored = place.getOrDefault(path(key), null);
        if (stored == null) {
            return Optional.empty();
        }
        DefaultAgenticScope scope = AgenticScopeSerializer.fromJson(Json.write(stored));
        // Not as it is stored: the classes of collections may differ, which is no change of this holder.
        held.put(scope, new Held(write(scope)));
        return Optional.of(scope);
    }

    /** Removes the scope; false when there is none. */
    @Override
    public boolean delete(AgenticScopeKey key) {
        return place.discard(path(key));
    }

    @Override
    public Set<AgenticScopeKey> getAllKeys() {
        Set<AgenticScopeKey> keys = new LinkedHashSet<>();
        fields(place.getOrDefault(KeyPath.root(), null))
                .forEach((agent, scopes) -> fields(scopes)
                        .forEach((memory, scope) -> keys.add(new AgenticScopeKey(agent, memoryId(memory, scope)))));
        return keys;
    }

    /** The memory id as it was: the tree's key is its string form, and the scope names it with its type. */
    private static Object memoryId(String key, @Nullable Object scope) {
        Object id = fields(scope).getOrElse("memoryId", key);
        if (id instanceof String) {
            return id;
        }
        String stub = Json.write(HashMap.of("memoryId", id, "kind", DefaultAgenticScope.Kind.PERSISTENT.name()));
        return AgenticScopeSerializer.fromJson(stub).memoryId();
    }

    private static Object write(DefaultAgenticScope scope) {
        return Objects.requireNonNull(Json.readValue(AgenticScopeSerializer.toJson(scope)));
    }

    @SuppressWarnings("unchecked") // maps of a tree have String keys
    private static HashMap<String, @Nullable Object> fields(@Nullable Object node) {
        return node instanceof HashMap<?, ?> ? (HashMap<String, @Nullable Object>) node : HashMap.empty();
    }

    private static KeyPath path(AgenticScopeKey key) {
        return KeyPath.of(key.agentId(), MemoryIds.key(key.memoryId()));
    }
}
