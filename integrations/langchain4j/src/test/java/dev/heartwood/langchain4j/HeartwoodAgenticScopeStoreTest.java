package dev.heartwood.langchain4j;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.Json;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.scope.AgentInvocation;
import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopePersister;
import dev.langchain4j.agentic.scope.AgenticScopeRegistry;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the framework's own registry, which creates scopes, saves and loads them. */
class HeartwoodAgenticScopeStoreTest {
    private final Store store = Store.create();

    @TempDir
    Path folder;

    @AfterEach
    void noStoreForOthers() {
        AgenticScopePersister.setStore(null);
    }

    @Test
    void aScopeIsThereAfterARestart() {
        Path file = folder.resolve("scopes.json");
        try (Store first = JsonFile.open(file)) {
            AgenticScopeRegistry registry = registry(first);
            DefaultAgenticScope scope = registry.create("ann");
            scope.writeState("topic", "tea");
            scope.writeState("cups", 5L);
            scope.writeState("guests", List.of("bob", "eve"));
            registry.update(scope);
        }
        try (Store second = JsonFile.open(file)) {
            DefaultAgenticScope scope = registry(second).get("ann");

            assertThat(scope.state()).isEqualTo(Map.of("topic", "tea", "cups", 5L, "guests", List.of("bob", "eve")));
        }
    }

    @Test
    void aStateIsReadableInTheTree() {
        AgenticScopeRegistry registry = registry(store);
        DefaultAgenticScope scope = registry.create("ann");
        scope.writeState("topic", "tea");
        registry.update(scope);

        assertThat(store.get(KeyPath.of("scopes", "planner", "ann", "state", 1, "topic")))
                .isEqualTo("tea");
    }

    @Test
    void whatTwoHoldersOfAScopeWroteIsThere() {
        AgenticScopeRegistry one = registry(store);
        DefaultAgenticScope first = one.create("ann");
        first.writeState("topic", "tea");
        first.writeState("doubt", "yes");
        one.update(first);
        AgenticScopeRegistry other = registry(store);
        DefaultAgenticScope second = other.get("ann");

        first.writeState("price", 3);
        invoke(first, "pricer");
        one.update(first);
        second.writeState("guests", List.of("bob"));
        second.writeState("doubt", null);
        invoke(second, "inviter");
        other.update(second);
        first.writeState("topic", "coffee");
        invoke(first, "changer");
        one.update(first);

        DefaultAgenticScope stored = registry(store).get("ann");
        assertThat(stored.state()).isEqualTo(Map.of("topic", "coffee", "price", 3, "guests", List.of("bob")));
        assertThat(stored.agentInvocations())
                .extracting(AgentInvocation::agentName)
                .containsExactly("pricer", "inviter", "changer");
    }

    @Test
    void threadsThatShareAScopeBringEachInvocationInOnce() throws Exception {
        AgenticScopeRegistry registry = registry(store);
        for (int round = 0; round < 50; round++) {
            DefaultAgenticScope scope = registry.create("ann" + round);
            registry.update(scope);
            CyclicBarrier start = new CyclicBarrier(4);
            List<FutureTask<?>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String agent = "agent" + i;
                callers.add(new FutureTask<>(() -> {
                    start.await();
                    for (int j = 0; j < 5; j++) {
                        invoke(scope, agent + "-" + j);
                        registry.update(scope);
                    }
                    return null;
                }));
            }
            callers.forEach(caller -> new Thread(caller).start());
            for (FutureTask<?> caller : callers) {
                caller.get();
            }

            assertThat(names(registry(store).get("ann" + round))).containsExactlyElementsOf(names(scope));
        }
    }

    @Test
    void aSaveThatHasWaitedForAnotherStoresTheScopeAsItIsByThen() throws Exception {
        AgenticScopeRegistry registry = registry(store);
        DefaultAgenticScope scope = registry.create("ann");
        CountDownLatch saving = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Subscription watching = store.watch("scopes", Delivery.latest(Runnable::run), update -> {
            if (saving.getCount() > 0) {
                saving.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        scope.writeState("topic", "tea");
        Thread first = new Thread(() -> registry.update(scope));
        first.start();
        saving.await();
        Thread second = new Thread(() -> registry.update(scope));
        second.start();
        while (second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        scope.writeState("topic", "coffee");
        mayEnd.countDown();
        first.join();
        second.join();
        watching.close();

        assertThat(registry(store).get("ann").state()).containsEntry("topic", "coffee");
    }

    private static List<String> names(DefaultAgenticScope scope) {
        return scope.agentInvocations().stream().map(AgentInvocation::agentName).toList();
    }

    @Test
    void aListThatItsHolderHasRewrittenIsSavedAsTheHolderHasIt() {
        Object base = Json.readValue("{\"messages\":[\"list\",[\"a\",\"b\"]]}");
        Object stored = Json.readValue("{\"messages\":[\"list\",[\"a\",\"b\",\"c\"]]}");
        Object mine = Json.readValue("{\"messages\":[\"list\",[\"summary\",\"b\"]]}");
        assertThat(ScopeMerge.merge(requireNonNull(base), requireNonNull(stored), requireNonNull(mine)))
                .isEqualTo(mine);
    }

    @Test
    void aChangeWhoseSaveFailedIsSavedWithTheNext() {
        AgenticScopeRegistry registry = registry(store);
        DefaultAgenticScope scope = registry.create("ann");
        scope.writeState("topic", "tea");
        registry.update(scope);
        Object kept = store.get("scopes");

        scope.writeState("topic", "coffee");
        store.put("scopes", "no place for scopes");
        assertThatThrownBy(() -> registry.update(scope)).isInstanceOf(RuntimeException.class);
        store.put("scopes", kept);
        registry.update(scope);

        assertThat(registry(store).get("ann").state()).isEqualTo(Map.of("topic", "coffee"));
    }

    @Test
    void whereTwoCreateOneScopeTheStatesOfBothAreThere() {
        AgenticScopeRegistry one = registry(store);
        AgenticScopeRegistry other = registry(store);
        DefaultAgenticScope first = one.create("ann");
        first.writeState("topic", "tea");
        one.update(first);
        DefaultAgenticScope second = other.create("ann");
        second.writeState("price", 3);
        other.update(second);

        assertThat(registry(store).get("ann").state()).isEqualTo(Map.of("topic", "tea", "price", 3));
    }

    @Test
    void aScopeThatAStoreHasNotLoadedIsSavedWithAllThatItHas() {
        AgenticScopeRegistry registry = registry(store);
        DefaultAgenticScope scope = registry.create("ann");
        scope.writeState("topic", "tea");

        HeartwoodAgenticScopeStore.of(store.under("scopes")).save(new AgenticScopeKey("planner", "ann"), scope);

        assertThat(registry(store).get("ann").state()).isEqualTo(Map.of("topic", "tea"));
    }

    @Test
    void aScopeThatWasDeletedWhileItWasHeldIsSavedWithAllThatItHas() {
        AgenticScopeRegistry registry = registry(store);
        DefaultAgenticScope scope = registry.create("ann");
        scope.writeState("topic", "tea");
        registry.update(scope);
        HeartwoodAgenticScopeStore.of(store.under("scopes")).delete(new AgenticScopeKey("planner", "ann"));

        scope.writeState("price", 3);
        registry.update(scope);

        assertThat(registry(store).get("ann").state()).isEqualTo(Map.of("topic", "tea", "price", 3));
    }

    @Test
    void theFrameworksOverwritingStoreLosesWhatOursKeeps() {
        // The behavior of a store that follows the interface literally: save replaces.
        Map<AgenticScopeKey, String> saved = new java.util.HashMap<>();
        AgenticScopePersister.setStore(new OverwritingStore(saved));
        AgenticScopeRegistry one = new AgenticScopeRegistry("planner");
        DefaultAgenticScope first = one.create("ann");
        AgenticScopeRegistry other = new AgenticScopeRegistry("planner");
        DefaultAgenticScope second = other.get("ann");
        first.writeState("price", 3);
        one.update(first);
        second.writeState("guests", 2);
        other.update(second);

        assertThat(new AgenticScopeRegistry("planner").get("ann").state()).doesNotContainKey("price");
    }

    @Test
    void memoryIdsKeepTheirTypes() {
        AgenticScopeRegistry registry = registry(store);
        registry.create("ann");
        registry.create(5);
        registry.create(6L);

        assertThat(HeartwoodAgenticScopeStore.of(store.under("scopes")).getAllKeys())
                .containsExactlyInAnyOrder(
                        new AgenticScopeKey("planner", "ann"),
                        new AgenticScopeKey("planner", 5),
                        new AgenticScopeKey("planner", 6L));
        assertThat(HeartwoodAgenticScopeStore.of(store.under("nowhere")).getAllKeys())
                .isEmpty();
    }

    @Test
    void anEvictedScopeIsGone() {
        AgenticScopeRegistry registry = registry(store);
        registry.create("ann");

        assertThat(HeartwoodAgenticScopeStore.of(store.under("scopes")).delete(new AgenticScopeKey("planner", "ann")))
                .isTrue();
        assertThat(HeartwoodAgenticScopeStore.of(store.under("scopes")).delete(new AgenticScopeKey("planner", "ann")))
                .isFalse();
        assertThat(registry(store).get("ann")).isNull();
    }

    @Test
    void aSystemOfAgentsLeavesItsScopeInTheTree() {
        AgenticScopePersister.setStore(HeartwoodAgenticScopeStore.of(store.under("scopes")));
        UntypedAgent system = AgenticServices.sequenceBuilder()
                .name("tea")
                .subAgents(AgenticServices.agentAction(scope -> scope.writeState("water", "hot")))
                .outputKey("water")
                .build();

        assertThat(system.invoke(Map.of("topic", "tea"))).isEqualTo("hot");
    }

    private static AgenticScopeRegistry registry(Store store) {
        AgenticScopePersister.setStore(HeartwoodAgenticScopeStore.of(store.under("scopes")));
        return new AgenticScopeRegistry("planner");
    }

    private static void invoke(DefaultAgenticScope scope, String agent) {
        scope.registerAgentInvocation(
                new AgentInvocation(Object.class, agent, agent + "$0", Map.of("topic", "tea"), "done"), new Object());
    }
}
