package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.adk.events.Event;
import com.google.adk.sessions.GetSessionConfig;
import com.google.adk.sessions.Session;
import com.google.adk.sessions.SessionException;
import com.google.adk.sessions.SessionKey;
import com.google.adk.sessions.SessionNotFoundException;
import com.google.adk.sessions.State;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartwoodSessionServiceTest {
    private static final KeyPath CHAT = KeyPath.parse("/app/users/ann/sessions/chat");

    private final Store store = Store.create();
    private final HeartwoodSessionService service = HeartwoodSessionService.of(store);

    @Test
    void keysOfTheAppAndTheUserAreSharedByTheirSessions() {
        Session chat = create("ann", "chat");
        service.appendEvent(chat, Events.changing(Map.of("app:a", 1, "user:u", 2, "s", 3)))
                .blockingGet();

        create("ann", "second");
        create("bob", "third");

        assertThat(get("ann", "chat").state())
                .containsOnly(Map.entry("app:a", 1), Map.entry("user:u", 2), Map.entry("s", 3));
        assertThat(get("ann", "second").state()).containsOnly(Map.entry("app:a", 1), Map.entry("user:u", 2));
        assertThat(get("bob", "third").state()).containsOnly(Map.entry("app:a", 1));
        assertThat(chat.state()).isEqualTo(get("ann", "chat").state());
    }

    @Test
    void theFirstStateOfASessionMayHaveKeysOfTheAppAndTheUser() {
        service.createSession("app", "ann", Map.of("app:a", 1, "user:u", 2, "s", 3), "chat")
                .blockingGet();

        assertThat(store.get(KeyPath.of("app", "state", "a"))).isEqualTo(1L);
        assertThat(store.get(KeyPath.parse("/app/users/ann/state/u"))).isEqualTo(2L);
        assertThat(store.keys(CHAT.child("state"))).containsExactly("s");
    }

    /** As the service of ADK in memory takes it. */
    @Test
    void theIdOfASessionIsWithoutTheBlanksAroundIt() {
        assertThat(create("ann", " chat\n").id()).isEqualTo("chat");
        assertThat(create("ann", " \n").id()).isNotBlank();

        assertThat(get("ann", "chat").id()).isEqualTo("chat");
    }

    @Test
    void aSessionIsAsOldAsItsLastEvent() {
        Session chat = create("ann", "chat");
        Event event = Event.builder()
                .id(Event.generateEventId())
                .author("user")
                .timestamp(1_234_567)
                .build();

        service.appendEvent(chat, event).blockingGet();

        assertThat(get("ann", "chat").lastUpdateTime()).isEqualTo(Instant.ofEpochMilli(1_234_567));
    }

    @Test
    void aKeyOfTheDeltaHasItsValueInTheObjectThoughItWasStoredBefore() {
        Session chat = create("ann", "chat");
        service.appendEvent(chat, Events.changing(Map.of("k", 1))).blockingGet();
        chat.state().put("k", 9);

        service.appendEvent(chat, Events.changing(Map.of("k", 1))).blockingGet();

        assertThat(chat.state()).containsEntry("k", 1);
    }

    @Test
    void aRemovedKeyIsGoneAndItsEventSaysSo() {
        Session chat = create("ann", "chat");
        service.appendEvent(chat, Events.changing(Map.of("app:a", 1, "user:u", 2, "s", 3)))
                .blockingGet();

        service.appendEvent(
                        chat,
                        Events.changing(Map.of("app:a", State.REMOVED, "user:u", State.REMOVED, "s", State.REMOVED)))
                .blockingGet();

        assertThat(get("ann", "chat").state()).isEmpty();
        assertThat(chat.state()).isEmpty();
        assertThat(events("ann", "chat").get(1).actions().stateDelta())
                .containsOnly(
                        Map.entry("app:a", State.REMOVED),
                        Map.entry("user:u", State.REMOVED),
                        Map.entry("s", State.REMOVED));
    }

    @Test
    void temporaryKeysAreKeptWithTheSessionAsTheFrameworkKeepsThem() {
        Session chat = create("ann", "chat");

        service.appendEvent(chat, Events.changing(Map.of("temp:t", 1, "s", 2))).blockingGet();

        assertThat(chat.state()).containsEntry("temp:t", 1);
        assertThat(get("ann", "chat").state()).containsOnly(Map.entry("temp:t", 1), Map.entry("s", 2));
    }

    @Test
    void anEventComesBackAsItWas() {
        Session chat = create("ann", "chat");
        Event event = Events.saying("Is it raining?");

        service.appendEvent(chat, event).blockingGet();

        assertThat(events("ann", "chat")).containsExactly(event);
        assertThat(get("ann", "chat").lastUpdateTime()).isEqualTo(Instant.ofEpochMilli(event.timestamp()));
    }

    @Test
    void aPartialEventChangesNothing() {
        Session chat = create("ann", "chat");
        long before = store.version();

        service.appendEvent(
                        chat,
                        Events.changing(Map.of("app:a", 1)).toBuilder()
                                .partial(true)
                                .build())
                .blockingGet();

        assertThat(store.version()).isEqualTo(before);
        assertThat(chat.events()).isEmpty();
    }

    @Test
    void anEventForADeletedSessionIsRefusedAndChangesNothing() {
        Session chat = create("ann", "chat");
        service.deleteSession("app", "ann", "chat").blockingAwait();
        long before = store.version();

        assertThatThrownBy(() -> service.appendEvent(chat, Events.changing(Map.of("app:a", 1, "s", 1)))
                        .blockingGet())
                .isInstanceOf(SessionNotFoundException.class)
                .hasMessageContaining("\"chat\"");

        assertThat(store.version()).isEqualTo(before);
        assertThat(chat.events()).isEmpty();
        assertThat(chat.state()).isEmpty();
    }

    @Test
    void aSessionThatExistsIsNotCreatedAgain() {
        service.appendEvent(create("ann", "chat"), Events.saying("hello")).blockingGet();

        assertThatThrownBy(() -> create("ann", "chat"))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("exists already");

        assertThat(events("ann", "chat")).hasSize(1);
    }

    @Test
    void deletingTheLastSessionOfAUserWithoutAStateLeavesNothingOfThem() {
        create("ann", "chat");
        create("bob", "other");
        service.appendEvent(create("cid", "third"), Events.changing(Map.of("user:u", 1)))
                .blockingGet();

        service.deleteSession("app", "ann", "chat").blockingAwait();
        service.deleteSession("app", "cid", "third").blockingAwait();
        service.deleteSession("app", "nobody", "none").blockingAwait();

        assertThat(store.keys(KeyPath.of("app", "users"))).containsExactlyInAnyOrder("bob", "cid");
        assertThat(service.listSessions("app", "cid").blockingGet().sessions()).isEmpty();
    }

    @Test
    void deletingOneOfTwoSessionsLeavesTheOther() {
        service.appendEvent(create("ann", "kept"), Events.saying("hello")).blockingGet();
        create("ann", "chat");

        service.deleteSession("app", "ann", "chat").blockingAwait();

        assertThat(events("ann", "kept")).hasSize(1);
        assertThat(service.listSessions("app", "ann").blockingGet().sessions())
                .extracting(Session::id)
                .containsExactly("kept");
    }

    @Test
    void sessionsAreListedInTheOrderOfTheirIdsWithoutEvents() {
        create("ann", "second");
        service.appendEvent(create("ann", "first"), Events.changing(Map.of("s", "x")))
                .blockingGet();

        List<Session> sessions =
                service.listSessions("app", "ann").blockingGet().sessions();

        assertThat(sessions).extracting(Session::id).containsExactly("first", "second");
        assertThat(sessions.get(0).events()).isEmpty();
        assertThat(sessions.get(0).state()).containsEntry("s", "x");
    }

    @Test
    void theNewestEventsAreReadWhereTheyAreEnough() {
        Session chat = create("ann", "chat");
        for (String text : List.of("one", "two", "three")) {
            service.appendEvent(chat, Events.saying(text)).blockingGet();
        }
        store.put(CHAT.child("events").child(0), "damaged");

        GetSessionConfig two = GetSessionConfig.builder().numRecentEvents(2).build();

        assertThat(service.getSession("app", "ann", "chat", Optional.of(two))
                        .blockingGet()
                        .events())
                .extracting(Events::text)
                .containsExactly("two", "three");
        assertThatThrownBy(() -> get("ann", "chat")).hasMessageContaining("Event 0 of the session \"chat\"");
    }

    @Test
    void eventsAreReadFromATimeOnAndNoMoreThanThereAre() {
        Session chat = create("ann", "chat");
        for (long time : List.of(1_000L, 2_000L, 3_000L)) {
            service.appendEvent(
                            chat,
                            Events.saying("at " + time).toBuilder()
                                    .timestamp(time)
                                    .build())
                    .blockingGet();
        }

        GetSessionConfig later = GetSessionConfig.builder()
                .numRecentEvents(4)
                .afterTimestamp(Instant.ofEpochMilli(2_000))
                .build();

        assertThat(service.getSession("app", "ann", "chat", Optional.of(later))
                        .blockingGet()
                        .events())
                .extracting(Event::timestamp)
                .containsExactly(2_000L, 3_000L);
    }

    @Test
    void aSessionIsReadAsItWas() {
        Session chat = create("ann", "chat");
        service.appendEvent(chat, Events.changing(Map.of("app:a", 1, "s", "before")))
                .blockingGet();
        Snapshot past = store.snapshot();
        service.appendEvent(chat, Events.changing(Map.of("app:a", 2, "s", "after")))
                .blockingGet();

        Session then = HeartwoodSessionService.session(past, new SessionKey("app", "ann", "chat"))
                .orElseThrow();

        assertThat(then.state()).containsOnly(Map.entry("app:a", 1), Map.entry("s", "before"));
        assertThat(then.events()).hasSize(1);
    }

    @Test
    void numbersTextsListsAndMapsOfAStateComeBack() {
        Map<String, Object> state =
                Map.of("int", 1, "long", 1L << 40, "double", 0.5, "list", List.of("a", 1), "map", Map.of("k", true));

        service.createSession("app", "ann", state, "chat").blockingGet();

        assertThat(get("ann", "chat").state()).containsExactlyInAnyOrderEntriesOf(state);
    }

    @Test
    @SuppressWarnings("unchecked")
    void aToolMayChangeTheListsAndMapsOfTheStateThatItWasGiven() {
        service.createSession("app", "ann", Map.of("list", List.of("a"), "map", Map.of("k", true)), "chat")
                .blockingGet();
        Map<String, Object> state = get("ann", "chat").state();

        ((List<Object>) state.get("list")).add("b");
        ((Map<String, Object>) state.get("map")).put("more", 1);

        assertThat(state).containsEntry("list", List.of("a", "b")).containsEntry("map", Map.of("k", true, "more", 1));
        assertThat(get("ann", "chat").state()).containsEntry("list", List.of("a"));
    }

    private Session create(String user, String id) {
        return service.createSession("app", user, Map.of(), id).blockingGet();
    }

    private Session get(String user, String id) {
        return service.getSession("app", user, id, Optional.empty()).blockingGet();
    }

    private List<Event> events(String user, String id) {
        return service.listEvents("app", user, id).blockingGet().events();
    }
}
