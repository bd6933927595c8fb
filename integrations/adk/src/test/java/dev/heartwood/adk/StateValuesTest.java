package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.adk.sessions.Session;
import com.google.adk.sessions.State;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A value of a state comes back as it was, or is refused before anything is changed. */
class StateValuesTest {
    /** Where the sessions are kept. */
    enum Kept {
        IN_MEMORY,
        IN_A_FILE,
        IN_SQLITE;

        Store open(Path folder) {
            return switch (this) {
                case IN_MEMORY -> Store.create();
                case IN_A_FILE -> JsonFile.open(folder.resolve("sessions.json"));
                case IN_SQLITE -> SqliteStore.open(folder.resolve("sessions.db"));
            };
        }
    }

    private static final String LONE_SURROGATE = "\ud83d";

    @TempDir
    Path folder;

    private Store store = Store.create();

    @AfterEach
    void close() {
        store.close();
    }

    static Stream<Arguments> kept() {
        return Stream.of(
                Arguments.of("a text", "a text"),
                Arguments.of(LONE_SURROGATE, LONE_SURROGATE),
                Arguments.of("a\u0000b", "a\u0000b"),
                Arguments.of(true, true),
                Arguments.of((byte) 1, 1),
                Arguments.of(1L, 1),
                Arguments.of(1L << 40, 1L << 40),
                Arguments.of(Integer.MAX_VALUE, Integer.MAX_VALUE),
                Arguments.of(Integer.MAX_VALUE + 1L, Integer.MAX_VALUE + 1L),
                Arguments.of(Integer.MIN_VALUE, Integer.MIN_VALUE),
                Arguments.of(Integer.MIN_VALUE - 1L, Integer.MIN_VALUE - 1L),
                Arguments.of(Long.MIN_VALUE, Long.MIN_VALUE),
                Arguments.of(BigInteger.ONE.shiftLeft(70), BigInteger.ONE.shiftLeft(70)),
                Arguments.of(-0.0, -0.0),
                Arguments.of(1e300, 1e300),
                Arguments.of(0.1f, 0.1),
                Arguments.of(new BigDecimal("0.10"), 0.1),
                Arguments.of(new BigDecimal("18446744073709551617.1"), new BigDecimal("18446744073709551617.1")),
                Arguments.of(new BigDecimal("1e400"), new BigDecimal("1e400")),
                Arguments.of(Arrays.asList(1, null, List.of()), Arrays.asList(1, null, List.of())),
                Arguments.of(Map.of("k", Map.of(LONE_SURROGATE, 1)), Map.of("k", Map.of(LONE_SURROGATE, 1))),
                Arguments.of(withNull(), withNull()));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void aValueComesBack(Object value, Object expected) {
        for (Kept kept : Kept.values()) {
            try (Store each = kept.open(folder.resolve("."))) {
                HeartwoodSessionService service = HeartwoodSessionService.of(each);
                Session session = service.createSession("app", "ann", Map.of("first", value), null)
                        .blockingGet();
                service.appendEvent(session, Events.changing(Map.of("app:k", value, "user:k", value, "k", value)))
                        .blockingGet();

                Session read = get(service, "ann", session.id());

                for (Map<String, Object> state : List.of(read.state(), session.state())) {
                    assertThat(state)
                            .containsEntry("first", expected)
                            .containsEntry("app:k", expected)
                            .containsEntry("user:k", expected)
                            .containsEntry("k", expected);
                }
                assertThat(read.events().get(0).actions().stateDelta()).containsEntry("app:k", expected);
            }
        }
    }

    static Stream<Object> refused() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        Object deep = "x";
        for (int i = 0; i < 1_001; i++) {
            deep = List.of(deep);
        }
        return Stream.of(
                Double.NaN,
                Float.POSITIVE_INFINITY,
                List.of(State.REMOVED),
                Instant.EPOCH,
                new byte[] {1},
                'c',
                Set.of(1),
                Optional.empty(),
                new AtomicInteger(1),
                new Object(),
                Thread.currentThread(),
                (Runnable) () -> {},
                Map.of(1, "a"),
                Collections.singletonMap(null, 1),
                Map.of("k".repeat(50_001), 1),
                "x".repeat(20_000_001),
                BigInteger.TEN.pow(1_500),
                new BigDecimal("1e-400000"),
                cycle,
                deep);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aValueThatWouldComeBackAsSomethingElseIsRefusedWithItsKeyAndNothingIsChanged(Object value) {
        HeartwoodSessionService service = HeartwoodSessionService.of(store.under("sessions"));
        Session session = service.createSession("app", "ann", Map.of("app:good", 1), "chat")
                .blockingGet();
        long before = store.version();

        assertThatThrownBy(() -> service.createSession("app", "bob", Map.of("app:a", 1, "user:its key", value), "other")
                        .blockingGet())
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("user:its key")
                .hasMessageContaining("Nothing was changed");
        assertThatThrownBy(() -> service.appendEvent(session, Events.changing(Map.of("app:a", 1, "its key", value)))
                        .blockingGet())
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("its key")
                .hasMessageContaining("Nothing was changed");

        assertThat(store.version()).isEqualTo(before);
        assertThat(session.state()).containsOnly(Map.entry("app:good", 1));
        assertThat(session.events()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyWithHalfOfASurrogatePairIsKept(Kept kept) {
        store = kept.open(folder);
        HeartwoodSessionService service = HeartwoodSessionService.of(store);
        Map<String, Object> state = Map.of("app:" + LONE_SURROGATE, 1, "user:" + LONE_SURROGATE, 2, LONE_SURROGATE, 3);
        Session first = service.createSession(LONE_SURROGATE, "ann", state, LONE_SURROGATE)
                .blockingGet();
        service.appendEvent(first, Events.changing(state)).blockingGet();
        store.close();
        store = kept == Kept.IN_MEMORY ? store : kept.open(folder);

        Session again = kept == Kept.IN_MEMORY
                ? first
                : HeartwoodSessionService.of(store)
                        .getSession(LONE_SURROGATE, "ann", LONE_SURROGATE, Optional.empty())
                        .blockingGet();

        assertThat(again.state()).containsExactlyInAnyOrderEntriesOf(state);
        assertThat(again.events().get(0).actions().stateDelta()).containsExactlyInAnyOrderEntriesOf(state);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsTooLongForAFileIsRefusedInEveryStoreAndOthersGoOn(Kept kept) {
        store = kept.open(folder);
        HeartwoodSessionService service = HeartwoodSessionService.of(store);
        Session session =
                service.createSession("app", "ann", Map.of("good", 1), "chat").blockingGet();
        String key = "k".repeat(50_001);

        for (String scope : List.of("app:", "user:", "")) {
            assertThatThrownBy(() -> service.createSession("app", "mallory", Map.of(scope + key, 1), "other")
                            .blockingGet())
                    .isInstanceOf(UnsupportedValueException.class);
            assertThatThrownBy(() -> service.appendEvent(session, Events.changing(Map.of(scope + key, 1)))
                            .blockingGet())
                    .isInstanceOf(UnsupportedValueException.class);
        }
        assertThatThrownBy(() ->
                        service.createSession(key, "ann", Map.of(), "chat").blockingGet())
                .isInstanceOf(UnsupportedValueException.class);
        assertThatThrownBy(
                        () -> service.createSession("app", "ann", Map.of(), key).blockingGet())
                .isInstanceOf(UnsupportedValueException.class);

        service.appendEvent(session, Events.saying("still here")).blockingGet();
        assertThat(service.listSessions("app", "mallory").blockingGet().sessions())
                .isEmpty();
        assertThat(get(service, "ann", "chat").events()).hasSize(1);
        assertThat(get(service, "ann", "chat").state()).containsOnly(Map.entry("good", 1));
    }

    @Test
    void theKeyNullIsRefusedInWords() {
        HeartwoodSessionService service = HeartwoodSessionService.of(store);

        assertThatThrownBy(() -> service.createSession("app", "ann", Collections.singletonMap(null, 1), "chat")
                        .blockingGet())
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("the key null");

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void whatAReaderDoesToAValueChangesNothingInTheStore() {
        HeartwoodSessionService service = HeartwoodSessionService.of(store);
        List<Object> given = new ArrayList<>(List.of(1));
        Session session = service.createSession("app", "ann", Map.of("app:list", given), "chat")
                .blockingGet();

        given.add(2);
        ((List<?>) session.state().get("app:list")).clear();

        assertThat(get(service, "ann", "chat").state()).containsOnly(Map.entry("app:list", List.of(1)));
    }

    @Test
    void aKeyThatSomebodyHasSetToNullByHandIsNotThere() {
        HeartwoodSessionService service = HeartwoodSessionService.of(store);
        service.createSession("app", "ann", Map.of("k", 1), "chat").blockingGet();
        store.put(KeyPath.parse("/app/state/by hand"), null);
        store.put(KeyPath.parse("/app/users/ann/sessions/chat/state/k"), null);

        Session session = get(service, "ann", "chat");
        service.appendEvent(session, Events.saying("hello")).blockingGet();

        assertThat(session.state()).isEmpty();
    }

    private static Session get(HeartwoodSessionService service, String user, String id) {
        return service.getSession("app", user, id, Optional.empty()).blockingGet();
    }

    private static Map<String, Object> withNull() {
        Map<String, Object> map = new HashMap<>();
        map.put("n", null);
        return map;
    }
}
