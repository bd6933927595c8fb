package dev.heartwood.adk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.adk.sessions.BaseSessionService;
import com.google.adk.sessions.InMemorySessionService;
import com.google.adk.sessions.Session;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several turns of one session at the same time, each with a copy of the session, as each turn of a runner has one. */
class SessionRaceTest {
    private static final int THREADS = 4;
    private static final int TURNS = 20;

    @TempDir
    Path folder;

    @Test
    void ofTwoCopiesThatAppendBothEventsAreThere() {
        try (Store store = Store.create()) {
            assertThat(afterTwoCopies(HeartwoodSessionService.of(store))).containsExactly("first", "second");
        }
    }

    @Test
    void theFrameworksServiceLosesTheEventOfOneOfTwoCopies() {
        assertThat(afterTwoCopies(new InMemorySessionService())).containsExactly("second");
    }

    @Test
    void noEventIsLostInMemory() throws Exception {
        try (Store store = Store.create()) {
            BaseSessionService service = HeartwoodSessionService.of(store);

            assertNothingIsLost(List.of(service, service));
        }
    }

    @Test
    void noEventIsLostInAFileAndAllAreThereAfterARestart() throws Exception {
        Path file = folder.resolve("sessions.json");
        try (Store store = JsonFile.open(file)) {
            assertNothingIsLost(List.of(HeartwoodSessionService.of(store)));
        }
        try (Store store = JsonFile.open(file)) {
            assertThat(texts(HeartwoodSessionService.of(store))).hasSize(THREADS * TURNS);
        }
    }

    @Test
    void noEventIsLostWhereTwoStoresShareASqliteFile() throws Exception {
        Path file = folder.resolve("sessions.db");
        try (Store one = SqliteStore.open(file);
                Store other = SqliteStore.open(file)) {
            assertNothingIsLost(List.of(HeartwoodSessionService.of(one), HeartwoodSessionService.of(other)));
        }
    }

    @Test
    void aStateDeltaIsSeenWholeOrNotAtAll() throws Exception {
        try (Store store = Store.create()) {
            BaseSessionService service = HeartwoodSessionService.of(store);
            Session session =
                    service.createSession("app", "ann", Map.of(), "chat").blockingGet();
            AtomicBoolean writing = new AtomicBoolean(true);
            ExecutorService executor = Executors.newFixedThreadPool(2);
            try {
                Future<?> writer = executor.submit(() -> {
                    for (int i = 1; i <= 300; i++) {
                        service.appendEvent(session, Events.changing(Map.of("app:n", i, "user:n", i, "n", i)));
                    }
                    writing.set(false);
                });
                Future<?> reader = executor.submit(() -> {
                    while (writing.get()) {
                        Map<String, Object> state = get(service).state();
                        assertThat(state.get("app:n"))
                                .isEqualTo(state.get("user:n"))
                                .isEqualTo(state.get("n"));
                    }
                });
                writer.get();
                reader.get();
            } finally {
                executor.shutdown();
            }
        }
    }

    private static List<String> afterTwoCopies(BaseSessionService service) {
        service.createSession("app", "ann", Map.of(), "chat").blockingGet();
        Session one = get(service);
        Session other = get(service);

        service.appendEvent(one, Events.saying("first")).blockingGet();
        service.appendEvent(other, Events.saying("second")).blockingGet();

        return texts(service);
    }

    private static void assertNothingIsLost(List<BaseSessionService> services) throws Exception {
        services.get(0).createSession("app", "ann", Map.of(), "chat").blockingGet();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String name = "thread " + thread + ", turn ";
                BaseSessionService service = services.get(thread % services.size());
                tasks.add(() -> {
                    for (int turn = 0; turn < TURNS; turn++) {
                        service.appendEvent(get(service), Events.saying(name + turn))
                                .blockingGet();
                    }
                    return name;
                });
            }
            for (Future<Object> done : executor.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            executor.shutdown();
        }

        List<String> texts = texts(services.get(0));
        assertThat(texts).hasSize(THREADS * TURNS);
        for (int thread = 0; thread < THREADS; thread++) {
            String name = "thread " + thread + ", turn ";
            assertThat(texts.stream().filter(text -> text.startsWith(name)))
                    .as("each thread's events, in its order")
                    .containsExactlyElementsOf(IntStream.range(0, TURNS)
                            .mapToObj(turn -> name + turn)
                            .toList());
        }
    }

    private static Session get(BaseSessionService service) {
        return service.getSession("app", "ann", "chat", Optional.empty()).blockingGet();
    }

    private static List<String> texts(BaseSessionService service) {
        return service.listEvents("app", "ann", "chat").blockingGet().events().stream()
                .map(Events::text)
                .toList();
    }
}
