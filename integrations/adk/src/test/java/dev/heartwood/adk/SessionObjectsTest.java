package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.adk.sessions.Session;
import com.google.adk.sessions.State;
import com.sun.management.ThreadMXBean;
import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The session objects that callers hold, after commits of their own and of others. */
class SessionObjectsTest {
    private final Store store = Store.create();
    private final HeartwoodSessionService service = HeartwoodSessionService.of(store.under("sessions"));

    @Test
    void aKeyThatAnotherSessionHasRemovedIsGoneFromTheObject() {
        Session one = service.createSession("app", "ann", Map.of("app:gone", 1, "user:gone", 1, "app:kept", 1), "one")
                .blockingGet();
        Session other = service.createSession("app", "ann", Map.of(), "other").blockingGet();
        service.appendEvent(other, Events.changing(Map.of("app:gone", State.REMOVED, "user:gone", State.REMOVED)))
                .blockingGet();

        service.appendEvent(one, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(one.state()).containsOnly(Map.entry("app:kept", 1), Map.entry("k", 1));
    }

    @Test
    void anObjectThatTheServiceHasNotMadeGetsTheStatesOfTheAppAndTheUserToo() {
        service.createSession("app", "ann", Map.of("app:a", 1, "user:u", 1), "one")
                .blockingGet();
        Map<String, Object> stale = new HashMap<>(Map.of("app:stale", 1, "user:stale", 1, "own", 1));
        Session stranger =
                Session.builder("one").appName("app").userId("ann").state(stale).build();

        service.appendEvent(stranger, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(stranger.state())
                .containsOnly(Map.entry("app:a", 1), Map.entry("user:u", 1), Map.entry("own", 1), Map.entry("k", 1));
    }

    @Test
    void whatAToolHasPutIntoTheObjectAndNotYetCommittedStays() {
        Session session =
                service.createSession("app", "ann", Map.of("app:a", 1), "one").blockingGet();
        session.state().put("app:a", 2);
        session.state().put("user:pending", true);

        service.appendEvent(session, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(session.state())
                .containsOnly(Map.entry("app:a", 2), Map.entry("user:pending", true), Map.entry("k", 1));
    }

    /** The tree has no change there, since it never had the key. */
    @Test
    void whatAToolHasPutIntoTheObjectIsGoneOnceAnEventRemovesItsKey() {
        Session session =
                service.createSession("app", "ann", Map.of("kept", 1), "one").blockingGet();
        session.state().put("draft", 1);
        session.state().put("app:draft", 1);
        session.state().put("user:draft", 1);

        service.appendEvent(
                        session,
                        Events.changing(Map.of(
                                "draft", State.REMOVED, "app:draft", State.REMOVED, "user:draft", State.REMOVED)))
                .blockingGet();

        assertThat(session.state())
                .containsOnly(Map.entry("kept", 1))
                .isEqualTo(get("one").state());
    }

    @Test
    void whatAToolHasPutIntoAnObjectThatWasReadStaysToo() {
        service.createSession("app", "ann", Map.of("app:a", 1, "user:u", 1), "one")
                .blockingGet();
        Session session = get("one");
        session.state().put("app:a", 2);
        session.state().put("user:u", 2);

        service.appendEvent(session, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(session.state()).containsOnly(Map.entry("app:a", 2), Map.entry("user:u", 2), Map.entry("k", 1));
    }

    @Test
    void whatAToolHasPutOverAnEarlierChangeStays() {
        Session session = service.createSession("app", "ann", Map.of(), "one").blockingGet();
        service.appendEvent(session, Events.changing(Map.of("k", 1))).blockingGet();
        session.state().put("k", 2);

        service.appendEvent(session, Events.changing(Map.of("other", 1))).blockingGet();

        assertThat(session.state()).containsOnly(Map.entry("k", 2), Map.entry("other", 1));
    }

    @Test
    void aSessionThatIsDeletedAsSoonAsItIsThereWasCreatedAllTheSame() {
        KeyPath place = KeyPath.parse("/sessions/app/users/ann/sessions/one");
        store.watch(place, Delivery.every(Runnable::run), update -> store.discard(place));

        Session session = service.createSession("app", "ann", Map.of("app:a", 1, "k", 2), "one")
                .blockingGet();

        assertThat(session.state()).containsOnly(Map.entry("app:a", 1), Map.entry("k", 2));
        assertThat(store.contains(place)).isFalse();
    }

    @Test
    void anEventWasAppendedThoughTheStatesCannotBeReadAfterIt() {
        Session session = service.createSession("app", "ann", Map.of(), "one").blockingGet();
        KeyPath app = KeyPath.parse("/sessions/app/state");
        store.watch(app, Delivery.every(Runnable::run), update -> store.put(app, "spoilt"));

        service.appendEvent(session, Events.changing(Map.of("app:a", 1))).blockingGet();

        assertThat(session.state()).containsOnly(Map.entry("app:a", 1));
        assertThat(session.events()).hasSize(1);
    }

    @Test
    void anEventWasAppendedThoughTheStoreWasClosedRightAfterIt() {
        Session session = service.createSession("app", "ann", Map.of(), "one").blockingGet();
        AtomicBoolean closed = new AtomicBoolean();
        store.watch(KeyPath.root(), Delivery.every(Runnable::run), update -> {
            store.close();
            closed.set(true);
        });

        service.appendEvent(session, Events.changing(Map.of("app:a", 1))).blockingGet();

        assertThat(closed).isTrue();
        assertThat(session.state()).containsOnly(Map.entry("app:a", 1));
    }

    @Test
    void afterManyAppendsAtOnceThroughOneObjectItHasTheStatesOfTheStore() throws Exception {
        Session session = service.createSession("app", "ann", Map.of(), "one").blockingGet();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> threads = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = "app:" + thread % 2;
                threads.add(executor.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        Object value = i % 3 == 2 ? State.REMOVED : i;
                        service.appendEvent(
                                        session, Events.changing(Map.of(name, value, "user:last", name + i, "n", i)))
                                .blockingGet();
                    }
                }));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
        } finally {
            executor.shutdown();
        }

        assertThat(session.state()).isEqualTo(get("one").state());
        assertThat(session.events()).hasSize(800);
    }

    @Test
    void anAppendThatAnotherHasOvertakenBringsItsOwnChangesToo() {
        AtomicReference<Runnable> overtake = new AtomicReference<>();
        Store guarded = Store.options()
                .guard("overtaken once", KeyPath.of("sessions"), view -> {
                    Runnable other = overtake.getAndSet(null);
                    if (other != null) {
                        CompletableFuture.runAsync(other).join();
                    }
                    return true;
                })
                .of(Map.of());
        HeartwoodSessionService overtaken = HeartwoodSessionService.of(guarded.under("sessions"));
        Session session = overtaken.createSession("app", "ann", Map.of(), "one").blockingGet();
        overtake.set(() -> overtaken
                .appendEvent(session, Events.changing(Map.of("first", 1)))
                .blockingGet());

        overtaken.appendEvent(session, Events.changing(Map.of("second", 2))).blockingGet();

        assertThat(session.state()).containsOnly(Map.entry("first", 1), Map.entry("second", 2));
        assertThat(session.events()).hasSize(2);
    }

    @Test
    void anAppendThatAnotherOvertakesAfterItsCommitLeavesTheStatesOfTheLaterOne() {
        Session session = service.createSession("app", "ann", Map.of(), "one").blockingGet();
        AtomicReference<Runnable> later = new AtomicReference<>(() ->
                service.appendEvent(session, Events.changing(Map.of("k", 2))).blockingGet());
        store.watch(KeyPath.root(), Delivery.every(Runnable::run), update -> {
            Runnable append = later.getAndSet(null);
            if (append != null) {
                append.run();
            }
        });

        service.appendEvent(session, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(session.state()).containsOnly(Map.entry("k", 2));
    }

    @Test
    void aChangeOfAnotherSessionWithinAValueIsInTheObjectToo() {
        Session one = service.createSession("app", "ann", Map.of("app:m", Map.of("a", 1)), "one")
                .blockingGet();
        Session other = service.createSession("app", "ann", Map.of(), "other").blockingGet();
        service.appendEvent(other, Events.changing(Map.of("app:m", Map.of("a", 1, "b", 2))))
                .blockingGet();

        service.appendEvent(one, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(one.state()).containsEntry("app:m", Map.of("a", 1, "b", 2));
    }

    @Test
    void anObjectWhoseSessionWasCreatedAnewGoesOn() {
        Session session = service.createSession("app", "ann", Map.of(), "one").blockingGet();
        for (int i = 0; i < 3; i++) {
            service.appendEvent(session, Events.changing(Map.of("app:n", i))).blockingGet();
        }
        service.deleteSession("app", "ann", "one").blockingAwait();
        service.createSession("app", "ann", Map.of(), "one").blockingGet();

        service.appendEvent(session, Events.changing(Map.of("app:n", 9))).blockingGet();

        assertThat(session.state()).containsEntry("app:n", 9);
    }

    /**
     * Counted in bytes that the thread allocates, which a busy machine does not change. The median counts: the library keeps its marks of frozen
     * containers in a table in which one may take the slot of another, and then one append walks what it does not know any more.
     */
    @Test
    void anAppendCostsAsMuchAsItChangesHoweverLargeTheStatesAre() {
        long small = bytesOfAnAppend("small", 100);
        long large = bytesOfAnAppend("large", 20_000);

        assertThat(large).as("bytes; beside 100 keys they were " + small).isLessThan(3 * small);
    }

    private long bytesOfAnAppend(String app, int keys) {
        Map<String, Object> state = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            state.put("app:" + i, "a text");
            state.put("user:" + i, "a text");
            state.put("own " + i, "a text");
        }
        Session session = service.createSession(app, "ann", state, "one").blockingGet();
        Session other = service.createSession(app, "ann", Map.of(), "other").blockingGet();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] bytes = new long[40];
        for (int i = 0; i < bytes.length; i++) {
            service.appendEvent(other, Events.changing(Map.of("app:theirs", i))).blockingGet();
            long before = threads.getCurrentThreadAllocatedBytes();
            service.appendEvent(session, Events.changing(Map.of("app:1", i, "user:1", i, "own 1", i)))
                    .blockingGet();
            bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(session.state()).containsEntry("app:theirs", 39).hasSize(3 * keys + 1);
        Arrays.sort(bytes);
        return bytes[bytes.length / 2];
    }

    private Session get(String id) {
        return service.getSession("app", "ann", id, Optional.empty()).blockingGet();
    }
}
