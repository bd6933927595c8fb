package dev.heartwood.langchain4j;

import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopeSerializer;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The plain store of scopes: each save replaces the one before. */
record OverwritingStore(Map<AgenticScopeKey, String> saved) implements AgenticScopeStore {
    @Override
    public boolean save(AgenticScopeKey key, DefaultAgenticScope scope) {
        saved.put(key, AgenticScopeSerializer.toJson(scope));
        return true;
    }

    @Override
    public Optional<DefaultAgenticScope> load(AgenticScopeKey key) {
        return Optional.ofNullable(saved.get(key)).map(AgenticScopeSerializer::fromJson);
    }

    @Override
    public boolean delete(AgenticScopeKey key) {
        return saved.remove(key) != null;
    }

    @Override
    public Set<AgenticScopeKey> getAllKeys() {
        return saved.keySet();
    }
}
