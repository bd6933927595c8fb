package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.json.JsonMapping;
import dev.heartwood.log.InMemoryLog;
import dev.heartwood.log.LogStore;
import dev.heartwood.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which roots hold which values: all of them in memory, those of JSON elsewhere, and through a mapping all everywhere. */
class ValuesOfRootsTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.123456789Z");
    private static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    private static final JsonMapping MAPPING = JsonMapping.of(JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build());

    @TempDir
    Path directory;

    record Event(Instant at, LocalDate day, Duration length, ZoneId zone, UUID id, DayOfWeek weekday) {}

    private static final Event EVENT = new Event(
            NOW, LocalDate.of(2026, 2, 3), Duration.ofMillis(1_500), ZoneId.of("Europe/Oslo"), ID, DayOfWeek.TUESDAY);

    enum Kind {
        MEMORY(directory -> Store.create()),
        JSON_FILE(directory -> JsonFile.open(directory.resolve("state.json"))),
        SQLITE(directory -> SqliteStore.open(directory.resolve("shared.db"))),
        LOG(directory -> LogStore.over(new InMemoryLog().connect()));

        @SuppressWarnings("ImmutableEnumChecker") // functions without state
        private final Function<Path, Store> open;

        Kind(Function<Path, Store> open) {
            this.open = open;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatIsNoJsonStaysAsItIsInMemoryAndIsRefusedElsewhereByItsPath(Kind kind) {
        try (Store store = kind.open.apply(directory)) {
            for (Object value : List.of(NOW, ID, DayOfWeek.TUESDAY, EVENT)) {
                if (kind == Kind.MEMORY) {
                    store.put("value", Map.of("in", value));
                    assertThat(store.get(KeyPath.of("value", "in"))).isEqualTo(value);
                } else {
                    assertThatThrownBy(() -> store.put("value", Map.of("in", value)))
                            .isInstanceOf(UnsupportedValueException.class)
                            .hasMessageContaining("/value/in")
                            .hasMessageContaining("JsonMapping");
                    assertThat(store.contains("value")).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void throughAMappingEveryRootHoldsItExactly(Kind kind) {
        KeyPath path = KeyPath.of("events", "first");
        KeyPath list = KeyPath.of("list");
        try (Store store = kind.open.apply(directory)) {
            MAPPING.put(store, path, EVENT);
            store.put(list, List.of());
            MAPPING.append(store, list, NOW);
            MAPPING.append(store, list, Instant.EPOCH);

            assertThat(store.get(path.child("at"))).isEqualTo("2026-02-03T04:05:06.123456789Z");
            assertThat(store.get(path.child("weekday"))).isEqualTo("TUESDAY");
            assertThat(MAPPING.get(store, path, Event.class)).isEqualTo(EVENT);
            assertThat(MAPPING.get(store, path.child("at"), Instant.class)).isEqualTo(NOW);
            assertThat(MAPPING.get(store, list, new TypeReference<List<Instant>>() {}))
                    .containsExactly(NOW, Instant.EPOCH);
            Instant later =
                    MAPPING.merge(store, path.child("at"), Instant.class, NOW, (old, given) -> old.plusNanos(1));
            assertThat(later).isEqualTo(NOW.plusNanos(1));
            assertThat(MAPPING.init(store, path.child("at"), Instant.EPOCH)).isFalse();
        }
    }
}
