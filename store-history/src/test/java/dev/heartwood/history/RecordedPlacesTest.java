package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Change;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.Origins;
import dev.heartwood.PathPattern;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Transaction;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.Values;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history records the places that it was asked for, and of redacted ones only that they changed. */
class RecordedPlacesTest {
    private static final KeyPath PASSWORD = KeyPath.of("users", "ada", "password");
    private static final KeyPath STATUS = KeyPath.of("users", "ada", "status");

    @TempDir
    Path directory;

    private final Store store = Store.of(Map.of(
            "users",
            Map.of("ada", Map.of("password", "secret-1", "status", "active")),
            "jobs",
            List.of(Map.of("what", "a", "token", "secret-2"), Map.of("what", "b", "token", "secret-3")),
            "counter",
            0));

    @Test
    void aRedactedValueIsInNoStateThatTheHistoryGives() throws IOException {
        try (History history = redacting("/users/*/password", "/jobs/*/token")) {
            store.put(PASSWORD, "secret-4");
            store.insert(KeyPath.of("jobs", 0), Map.of("what", "c", "token", "secret-5"));
            store.put(KeyPath.of("users", "bob"), Map.of("password", "secret-6"));
            store.remove(KeyPath.of("users", "ada"));
            store.remove(KeyPath.of("jobs", 1));

            assertThat(history.states()).hasSize(6);
            for (Snapshot state : history.states()) {
                assertThat(state.root().toString()).doesNotContain("secret");
            }
            assertThat(history.at(5).get(KeyPath.of("jobs", 1, "what"))).isEqualTo("b");
            Path file = directory.resolve("history.jsonl");
            history.save(file);
            assertThat(Files.readString(file)).doesNotContain("secret").contains("\"redacted\":[\"/users/*/password\"");
        }
    }

    @Test
    void aConflictNamesNoPlaceThatIsNotRecorded() {
        Store watched =
                Store.options().origins(Origins.WHO).of(Map.of("users", Map.of("ada", Map.of("password", "secret"))));
        KeyPath hidden = KeyPath.of("hidden");
        KeyPath below = KeyPath.of("users", "ada", "secrets", "pin");
        KeyPath shown = KeyPath.of("shown");
        try (History history = History.options()
                .only(
                        PathPattern.parse("/shown"),
                        PathPattern.parse("/users"),
                        PathPattern.parse("/sum"),
                        PathPattern.parse("/part/b"))
                .redact(PathPattern.parse("/users/*/password"), PathPattern.parse("/users/*/secrets"))
                .of(watched)) {
            for (KeyPath read : List.of(hidden, PASSWORD, below, KeyPath.of("part"), shown)) {
                watched.put(read, 0);
                Contention.between(watched, read, KeyPath.of("sum"));
                watched.remove("sum");
            }

            assertThat(history.of(KeyPath.of("sum")).stream()
                            .filter(entry -> entry.after() != null)
                            .map(entry -> String.valueOf(entry.origin().conflict())))
                    .containsExactly("null", "null", "null", "null", "/shown");
        }
    }

    @Test
    void whereTheConflictIsLeftOutTheRestOfTheOriginIsAsItWas() {
        Store watched = Store.options().origins(Origins.WHO).of(Map.of("secret", 0));
        Store ada = watched.as("ada");
        try (History history =
                History.options().redact(PathPattern.parse("/secret")).of(watched)) {
            Contention.between(ada, KeyPath.of("secret"), KeyPath.of("sum"));

            Origin made = watched.snapshot().origin();
            Origin shown = history.blame(KeyPath.of("sum")).origin();
            assertThat(made.conflict()).isEqualTo(KeyPath.of("secret"));
            assertThat(shown.conflict()).isNull();
            assertThat(List.of(shown.author(), shown.time(), shown.thread(), shown.threadId(), shown.attempts()))
                    .isEqualTo(List.of(made.author(), made.time(), made.thread(), made.threadId(), made.attempts()));
        }
    }

    @Test
    void blameTellsWhoChangedARedactedPlaceAlsoWhereTheValueWentBack() {
        try (History history = redacting("/users/*/password")) {
            store.as("eve").put(PASSWORD, "secret-4");
            store.as("mallory").put(PASSWORD, "secret-1");
            store.as("other").put(STATUS, "away");

            assertThat(history.of(PASSWORD).stream().map(entry -> entry.origin().author()))
                    .containsExactly("eve", "mallory");
            assertThat(history.blame(PASSWORD).after()).isInstanceOf(Redacted.class);
            assertThat(history.blame(STATUS).after()).isEqualTo("away");
        }
    }

    @Test
    void aListWhoseElementIsRedactedByItsIndexChangesOnlyWithItsOwnCommits() {
        try (History history = redacting("/jobs/0")) {
            store.as("eve").insert(KeyPath.of("jobs", 0), Map.of("what", "c"));
            store.as("bob").put(STATUS, "away");

            assertThat(history.of(KeyPath.of("jobs"))).hasSize(1);
            assertThat(history.blame(KeyPath.of("jobs", 0)).origin().author()).isEqualTo("eve");
        }
    }

    @Test
    void keysWithSlashesTildesAndStarsAreRedactedByTheirPatterns() {
        Store keys = Store.of(Map.of("a/b", "secret", "~1", "secret", "~2", "secret", "*", "secret"));
        try (History history = History.options()
                .redact(PathPattern.parse("/a~1b"), PathPattern.parse("/~01"))
                .redact(PathPattern.parse("/~02"), PathPattern.parse("/~2"))
                .of(keys)) {
            assertThat(history.states().get(0).root().toString()).doesNotContain("secret");
        }
    }

    @Test
    void theFirstStateHasItsOriginToo() {
        store.as("eve").put(STATUS, "away");
        try (History history = redacting("/users/*/password")) {
            assertThat(history.states().get(0).origin().author()).isEqualTo("eve");
        }
    }

    @Test
    void aChangeBelowARedactedPlaceIsOneChangeOfIt() {
        try (History history = redacting("/users")) {
            store.batch(tx -> {
                tx.put(PASSWORD, "secret-4");
                tx.put(STATUS, "away");
            });
            store.increment("counter");

            assertThat(history.of(KeyPath.of("users"))).hasSize(1);
            assertThat(history.entries().get(0).diff()).hasSize(1);
        }
    }

    @Test
    void onlyTheNamedPlacesAreRecordedAndOtherCommitsAreNoEntries() {
        try (History history =
                History.options().only(PathPattern.parse("/users/*/status")).of(store)) {
            store.increment("counter");
            store.put(STATUS, "away");
            store.put(PASSWORD, "secret-4");
            store.increment("counter");

            assertThat(history.entries()).hasSize(1);
            assertThat(history.entries().get(0).version()).isEqualTo(2);
            assertThat(Store.of(history.states().get(1).toMap()).toMap())
                    .isEqualTo(Map.of("users", Map.of("ada", Map.of("status", "away"))));
        }
    }

    @Test
    void aVersionThatChangedNoRecordedPlaceHasTheStateBeforeIt() throws IOException {
        try (History history =
                History.options().only(PathPattern.parse("/users/*/status")).of(store)) {
            store.increment("counter");
            store.put(STATUS, "away");
            store.increment("counter");

            assertThat(history.at(1).get(STATUS)).isEqualTo("active");
            assertThat(history.at(3).get(STATUS)).isEqualTo("away");
            assertThatThrownBy(() -> history.at(4)).isInstanceOf(NoSuchStateException.class);

            Path file = directory.resolve("history.jsonl");
            history.save(file);
            assertThat(History.load(file).at(1).get(STATUS)).isEqualTo("active");
        }
    }

    @Test
    void aVersionWithinMissingCommitsHasNoStateThoughTheHistoryIsOfSomePlaces() {
        RecordedCommits commits =
                new RecordedCommits(1, store.snapshot().root(), store.snapshot().origin());
        commits.addAfterGap(
                9, store.snapshot().root().put("counter", 5L), store.snapshot().origin());
        HistoryOptions options = History.options().only(PathPattern.parse("/counter"));
        Records records = commits.records().copy(options);

        assertThat(records.at(1).get("counter")).isEqualTo(0L);
        assertThat(records.at(9).get("counter")).isEqualTo(5L);
        assertThatThrownBy(() -> records.at(5)).isInstanceOf(NoSuchStateException.class);
    }

    /** Any of the missing ones may have changed it, and changed it back. */
    @Test
    void missingCommitsAreAnEntryAlsoIfTheRecordedPlacesAreTheSameAfterThem() {
        RecordedCommits commits =
                new RecordedCommits(1, store.snapshot().root(), store.snapshot().origin());
        commits.addAfterGap(9, store.snapshot().root().put("other", 5L), Origin.of("eve", null, null));
        Records records = commits.records().copy(History.options().only(PathPattern.parse("/counter")));

        assertThat(records.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.isGap()).isTrue();
            assertThat(entry.origin().author()).isNull();
            assertThat(entry.state().origin().author()).isNull();
        });
    }

    @Test
    void manyOtherCommitsDoNotPushARecordedOneOut() {
        try (History history =
                History.options().keep(3).only(PathPattern.parse("/users/**")).of(store)) {
            store.put(STATUS, "away");
            for (int i = 0; i < 5_000; i++) {
                store.increment("counter");
            }

            assertThat(history.blame(STATUS).version()).isEqualTo(1);
        }
    }

    @Test
    void stepsThatWereTooManyToBeMovedAreAGap() {
        StateChain chain = new StateChain(100);
        HistoryOptions options = History.options().only(PathPattern.parse("/counter"));
        RecordedSteps steps = new RecordedSteps(chain, options.places());
        steps.startFrom(store.snapshot());
        for (int i = 0; i < 100_002; i++) {
            Snapshot before = store.snapshot();
            store.increment("counter");
            steps.record(before, store.snapshot());
        }
        steps.start();

        List<Entry> entries = steps.records(Instant.now()).entries();
        assertThat(entries).hasSizeLessThan(100).anyMatch(Entry::isGap);
        assertThat(entries.get(entries.size() - 1).state().get("counter")).isEqualTo(100_002L);
    }

    @Test
    void aStarThatBelongsToAKeyIsNoWildcard() {
        try (History history = redacting("/codes/~2")) {
            store.put(KeyPath.of("codes", "*"), "hidden");
            store.put(KeyPath.of("codes", "a"), "open");

            assertThat(history.states().get(2).get(KeyPath.of("codes", "a"))).isEqualTo("open");
            assertThat(history.states().get(2).root().toString()).doesNotContain("hidden");
        }
    }

    @Test
    void aClosedHistoryKeepsNothingThatItDoesNotRecordThoughNobodyHasReadIt() throws InterruptedException {
        History history = History.options().only(PathPattern.parse("/counter")).of(store);
        store.put("other", Vector.of(1L, 2L, 3L));
        WeakReference<Object> other = new WeakReference<>(store.get("other"));
        store.remove("other");
        history.close();
        for (int i = 0; i < 100 && other.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }

        assertThat(other.get()).isNull();
        assertThat(history.entries()).isEmpty();
    }

    @Test
    void elementsOfAListThatAreNotRecordedKeepThePlacesOfTheOthers() {
        try (History history =
                History.options().only(PathPattern.parse("/jobs/1")).of(store)) {
            store.put(KeyPath.of("jobs", 0, "what"), "z");
            store.put(KeyPath.of("jobs", 1, "what"), "y");
            store.insert(KeyPath.of("jobs", 0), "first");

            assertThat(history.entries()).hasSize(2);
            Snapshot last = history.states().get(2);
            assertThat(last.size(KeyPath.of("jobs"))).isEqualTo(3);
            assertThat(last.get(KeyPath.of("jobs", 0))).isInstanceOf(Redacted.class);
            assertThat(last.get(KeyPath.of("jobs", 1, "what"))).isEqualTo("z");
        }
    }

    @Test
    void redactionHoldsWithinThePlacesThatAreRecorded() {
        try (History history = History.options()
                .only(PathPattern.parse("/users"))
                .redact(PathPattern.parse("/**/password"))
                .of(store)) {
            assertThat(history.states().get(0).keys()).containsExactly("users");
            assertThat(history.states().get(0).get(PASSWORD)).isInstanceOf(Redacted.class);
            assertThat(history.states().get(0).get(STATUS)).isEqualTo("active");
        }
    }

    @Test
    void aRedactedPlaceThatOnlyLeadsToRecordedOnesShowsNothingButThatItChanged() throws IOException {
        Path file = directory.resolve("history.jsonl");
        try (History history = History.options()
                .only(PathPattern.parse("/users/ada/password"))
                .redact(PathPattern.parse("/users"))
                .of(store)) {
            store.as("eve").put(PASSWORD, "secret-4");
            store.as("bob").put(STATUS, "away");
            history.save(file);

            assertThat(history.states()).hasSize(3).allSatisfy(state -> {
                assertThat(state.root().toString()).doesNotContain("secret");
                assertThat(state.get(KeyPath.of("users"))).isInstanceOf(Redacted.class);
            });
            assertThat(Files.readString(file)).doesNotContain("secret");
            assertThat(history.of(KeyPath.of("users")).stream()
                            .map(entry -> entry.origin().author()))
                    .containsExactly("eve", "bob");
        }
    }

    /** By whatever way: its marks are no values, and other places are missing. */
    @Test
    void aStateWithRedactedPlacesBecomesTheTreeOfNoStore() {
        try (History history = redacting("/users/*/password")) {
            store.put(STATUS, "away");
            Snapshot state = history.at(1);
            Snapshot before = store.snapshot();
            for (Runnable way : List.<Runnable>of(
                    () -> store.put(KeyPath.root(), state),
                    () -> store.set(KeyPath.root(), state),
                    () -> store.update(KeyPath.root(), old -> state),
                    () -> store.batch(tx -> tx.put(KeyPath.root(), state)),
                    () -> store.apply(before.diff(state)),
                    () -> store.apply(before.diff(state, KeyPath.of("users"))),
                    () -> store.apply(state.diff(before).inverse()),
                    () -> store.under("copy").put(KeyPath.root(), state))) {
                assertThatThrownBy(way::run)
                        .isInstanceOfAny(IllegalArgumentException.class, UnsupportedValueException.class);
                assertThat(store.snapshot()).isSameAs(before);
            }
            assertThatThrownBy(() -> store.apply(before.diff(state)))
                    .hasMessageContaining("/users/ada/password")
                    .hasMessageContaining("stands for a value that is not told");
            // What is recorded of it is as good as any other value.
            store.put("status", state.get(STATUS));
            store.apply(history.at(0).diff(state, STATUS).inverse());
            assertThat(store.get(STATUS)).isEqualTo("active");
        }
    }

    /** Whatever the value is that was read, and whatever takes it: the values that its marks stand for would be lost. */
    @Test
    void aContainerWithRedactedPlacesGoesIntoNoStore() throws IOException {
        store.put("list", List.of("secret-4", Map.of("b", List.of())));
        Path file = directory.resolve("history.jsonl");
        try (History history = redacting("/users/*/password", "/list/0")) {
            history.save(file);
            History loaded = History.load(file);
            for (Snapshot state : List.of(
                    history.at(1),
                    History.options().of(history).at(1),
                    loaded.at(1),
                    history.at(1).edit(tx -> tx.put("x", 1)))) {
                readAll(state).forEach(this::requireRefused);
                assertThatThrownBy(() -> state.edit(tx -> tx.put("copy", tx.get("users"))))
                        .isInstanceOf(UnsupportedValueException.class);
            }
        }
    }

    /** What can be read of a state, in each form, that has a redacted place in it. */
    private static Map<String, Object> readAll(Snapshot state) {
        KeyPath ada = KeyPath.of("users", "ada");
        Map<String, Object> read = new LinkedHashMap<>();
        read.put("get", state.get("users"));
        read.put("getOrDefault", state.getOrDefault(ada, null));
        read.put("find", state.find("users", Map.class).orElseThrow());
        read.put("a type", state.get("users", Map.class));
        read.put("a list of a type", state.get("list", List.class));
        read.put("mapAt", state.mapAt("users"));
        read.put("vectorAt", state.vectorAt("list"));
        read.put("root", state.root());
        read.put("getMap", state.getMap("users"));
        read.put("below getMap", state.getMap("users").get("ada"));
        read.put("values of getMap", state.getMap("users").values().iterator().next());
        read.put(
                "entries of getMap",
                state.getMap("users").entrySet().iterator().next().getValue());
        read.put("getMap of the root", state.getMap(KeyPath.root()));
        read.put("a list below getMap", state.getMap(KeyPath.root()).get("list"));
        read.put("getList", state.getList("list"));
        read.put("a typed map", state.getMap("users", Object.class));
        read.put("below a typed map", state.getMap("users", Map.class).get("ada"));
        read.put("a typed list", state.getList("list", Object.class));
        read.put("under", state.under("users").getMap("ada"));
        read.put("under, as it is", state.under("users").get("ada"));
        read.put("toMap", state.toMap());
        read.put("the state", state);
        read.put("in a draft", inDraft(state, tx -> tx.get("users")));
        read.put("in a draft, as a view", inDraft(state, tx -> tx.getMap("users")));
        read.put("in a function of a draft", inDraft(state, tx -> {
            List<Object> seen = new ArrayList<>();
            tx.update(KeyPath.of("users"), Map.class, users -> {
                seen.add(users);
                return users;
            });
            return seen.get(0);
        }));
        for (Change change : Store.create().snapshot().diff(state)) {
            if (change.path().equals(KeyPath.of("users"))) {
                read.put("a change", ((Change.Added) change).value());
            }
        }
        read.put("a mark", state.get(PASSWORD));
        return read;
    }

    private static Object inDraft(Snapshot state, Function<Transaction, Object> read) {
        List<Object> seen = new ArrayList<>();
        Snapshot draft = state.edit(tx -> seen.add(read.apply(tx)));
        assertThat(draft).isSameAs(state);
        return seen.get(0);
    }

    @SuppressWarnings("unchecked") // a Vavr map of a state
    private void requireRefused(String how, Object read) {
        Snapshot before = store.snapshot();
        Object inVavr = io.vavr.collection.HashMap.of("in", read);
        // What is shown to people, it may be; it is not taken for a value of a store after that.
        for (Object shown : List.of(read, Map.of("in", List.of(read)), inVavr)) {
            assertThat(Values.freeze(shown)).isNotNull();
        }
        Map<String, Runnable> ways = new LinkedHashMap<>();
        KeyPath z = KeyPath.of("z");
        ways.put("put", () -> store.put(z, read));
        ways.put("put where it stood", () -> store.put("users", read));
        ways.put("put deep", () -> store.put(KeyPath.of("deep", "er"), read));
        ways.put("set", () -> store.set(z, read));
        ways.put("init", () -> store.init(z, read));
        ways.put("update", () -> store.update("users", old -> read));
        ways.put("compute", () -> store.compute(z, old -> read));
        ways.put("merge", () -> store.merge("users", read, (old, given) -> given));
        ways.put("replace", () -> store.replace(KeyPath.of("counter"), 0, read));
        ways.put("append", () -> store.append("jobs", read));
        ways.put("insert", () -> store.insert(KeyPath.of("jobs", 0), read));
        ways.put("concat", () -> store.concat("jobs", List.of(read)));
        ways.put("putAll", () -> store.putAll(KeyPath.root(), Map.of("z", read)));
        ways.put("mergeTree", () -> store.mergeTree(KeyPath.root(), Map.of("z", read)));
        ways.put("a batch", () -> store.batch(tx -> tx.put(z, read)));
        ways.put("commute", () -> store.batch(tx -> tx.commute(KeyPath.of("users"), Object.class, old -> read)));
        ways.put("a draft", () -> store.restore(store.snapshot().edit(tx -> tx.put(z, read))));
        ways.put("a ref", () -> store.at("z").put(read));
        ways.put("a typed ref", () -> store.at("z").typed(Object.class).put(read));
        ways.put("asMap", () -> store.asMap().put("z", read));
        ways.put("compute of asMap", () -> store.asMap().compute("z", (key, old) -> read));
        ways.put("updateMap", () -> store.updateMap("users", old -> old.put("z", read)));
        ways.put("updateList", () -> store.updateList("jobs", old -> old.append(read)));
        ways.put("within a map", () -> store.put(z, Map.of("in", read)));
        ways.put("within a list", () -> store.put(z, List.of(read)));
        ways.put("within an array", () -> store.put(z, new Object[] {read}));
        ways.put("within a Vavr map", () -> store.put(z, inVavr));
        ways.put("within a Vavr vector", () -> store.put(z, io.vavr.collection.Vector.of(read)));
        ways.put("another store", () -> Store.of(Map.of("z", read)));
        ways.put("a scoped store", () -> store.under("scope").put("z", read));
        ways.put("compareAndSet", () -> store.compareAndSet(before, before.edit(tx -> tx.put(z, read))));
        ways.forEach((way, run) -> assertThatThrownBy(run::run)
                .as("%s: %s", how, way)
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("stands for a value that is not told"));
        if (read instanceof io.vavr.collection.HashMap) {
            assertThatThrownBy(() -> Store.of((io.vavr.collection.HashMap<String, Object>) read))
                    .isInstanceOf(UnsupportedValueException.class);
            UnaryOperator<Object> unchecked = old -> read;
            assertThatThrownBy(() -> store.update("users", (Class<Object>) (Class<?>) Map.class, unchecked))
                    .isInstanceOf(UnsupportedValueException.class);
        }
        assertThat(store.snapshot()).as(how).isSameAs(before);
    }

    /** It would undo a part of the commit. */
    @Test
    void aHistoryOfSomePlacesUndoesNothing() {
        try (History history =
                History.options().only(PathPattern.parse("/counter")).of(store)) {
            store.batch(tx -> {
                tx.put("counter", 1);
                tx.put(STATUS, "away");
            });
            Snapshot before = store.snapshot();
            assertThatThrownBy(history::undo)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("does not record all places");
            assertThat(store.snapshot()).isSameAs(before);
        }
    }

    @Test
    void aStateThatLacksPlacesIsNotTheTreeOfAStore() {
        try (History history = redacting("/users/*/password")) {
            Snapshot now = store.snapshot();
            store.increment("counter");

            assertThatThrownBy(() -> store.restore(history.at(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Nothing is changed");
            assertThatThrownBy(() ->
                            store.compareAndSet(store.snapshot(), history.at(0).edit(tx -> tx.put("x", 1))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(history::undo)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("History.of(store)");
            assertThat(store.get("counter")).isEqualTo(1L);
            try (History some =
                    History.options().only(PathPattern.parse("/users")).of(store)) {
                Snapshot part = some.states().get(0);
                assertThatThrownBy(() -> store.restore(part)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> store.put(KeyPath.root(), part)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(store.get(PASSWORD)).isEqualTo(now.get(PASSWORD));
        }
    }

    @Test
    void aCopyForOthersIsWithoutThePlacesThatItLeavesOut() {
        try (History history = History.of(store)) {
            store.as("eve").put(PASSWORD, "secret-4");
            store.put(STATUS, "away");

            History copy = History.options()
                    .redact(PathPattern.parse("/users/*/password"))
                    .redact(PathPattern.parse("/jobs"))
                    .of(history);
            store.put(STATUS, "back");

            assertThat(copy.states().toString() + copy.states().get(2).root()).doesNotContain("secret");
            assertThat(copy.blame(PASSWORD).origin().author()).isEqualTo("eve");
            assertThat(copy.entries()).hasSize(2);
            assertThat(History.options().keep(1).of(history).entries()).hasSize(1);
        }
    }

    /** Its own options leave nothing out; the history that it copies does. */
    @Test
    void aCopyOfAHistoryThatLacksPlacesLacksThemToo() {
        Path file = directory.resolve("history.jsonl");
        List<HistoryOptions> some = List.of(
                History.options().redact(PathPattern.parse("/users/*/password")),
                History.options().only(PathPattern.parse("/users")).redact(PathPattern.parse("/users/*/password")));
        for (HistoryOptions options : some) {
            try (History history = options.of(store)) {
                store.as("eve").put(PASSWORD, "secret-4");
                store.put(STATUS, "away");
                store.increment("counter");
                history.save(file);

                for (HistoryOptions others :
                        List.of(History.options().keep(7), History.options().redact(PathPattern.parse("/jobs")))) {
                    History copy = others.of(history);
                    copy.save(directory.resolve("copy.jsonl"));
                    for (History one :
                            List.of(copy, others.load(file), History.load(directory.resolve("copy.jsonl")))) {
                        for (Snapshot state : one.states()) {
                            assertThat(state.get(PASSWORD)).isInstanceOf(Redacted.class);
                            assertThat(state.get(STATUS)).isIn("active", "away");
                            assertThatThrownBy(() -> store.restore(state))
                                    .isInstanceOf(IllegalArgumentException.class)
                                    .hasMessageContaining("Nothing is changed");
                        }
                        assertThat(one.of(PASSWORD).stream()
                                        .map(entry -> entry.origin().author()))
                                .containsExactly("eve");
                        assertThat(one.entries()).hasSameSizeAs(history.entries());
                    }
                }
                store.put(PASSWORD, "secret-1");
                store.put(STATUS, "active");
            }
        }
    }

    @Test
    void aCopyHasTheBoundsOfItsOptionsAndNoOthers() {
        Snapshot first = Store.create().snapshot();
        Instant now = Instant.now();
        RecordedCommits commits = new RecordedCommits(0, first.root(), first.origin());
        for (long version = 1; version <= 10_100; version++) {
            Instant made = version <= 100 ? now.minusSeconds(3_600) : now;
            commits.add(version, first.root().put("n", version), Origin.of(null, null, made));
        }
        History history = History.of(commits);

        assertThat(History.options().of(history).entries()).hasSize(10_100);
        assertThat(History.options().keep(Duration.ofMinutes(30)).of(history).entries())
                .hasSize(10_000);
    }

    @Test
    void aSavedHistoryStillTellsWhoChangedARedactedPlace() {
        Path file = directory.resolve("history.jsonl");
        try (History history = redacting("/users/*/password", "/jobs/0")) {
            store.as("eve").put(PASSWORD, "secret-4");
            store.put(STATUS, "away");
            history.save(file);
        }
        History loaded = History.load(file);

        assertThat(loaded.blame(PASSWORD).origin().author()).isEqualTo("eve");
        assertThat(loaded.blame(PASSWORD).before()).isInstanceOf(Redacted.class);
        assertThat(loaded.at(2).get(KeyPath.of("jobs", 0))).isInstanceOf(Redacted.class);
    }

    @Test
    void theTopLevelCannotBeRedacted() {
        for (String all : List.of("", "/**")) {
            assertThatThrownBy(() -> History.options().redact(PathPattern.parse(all)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/*");
        }
    }

    @Test
    void aTreeAsDeepAsAllowedIsRedactedOnASmallStack() throws InterruptedException {
        Object deep = Map.of("password", "secret-4");
        for (int i = 0; i < 996; i++) {
            deep = i % 2 == 0 ? List.of(deep) : Map.of("k", deep);
        }
        store.put("deep", deep);
        List<Object> found = new ArrayList<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try (History history = redacting("/**/password", "/**/token")) {
                        store.increment("counter");
                        found.add(history.states().size());
                    } catch (Throwable e) {
                        found.add(e);
                    }
                },
                "small stack",
                256_000);
        thread.start();
        thread.join();

        assertThat(found).containsExactly(2);
    }

    /** After any changes, what is recorded step by step is what a look at the whole tree would have recorded. */
    @Test
    void stepByStepTheSameIsRecordedAsFromTheWholeTree() {
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            Store changing = Store.of(Map.of("m", Map.of(), "l", List.of()));
            RecordedPlaces places = places(random);
            HistoryOptions options = History.options()
                    .only(places.only().toArray(new PathPattern[0]))
                    .redact(places.redacted().toArray(new PathPattern[0]));
            try (History history = options.of(changing)) {
                List<Snapshot> whole = new ArrayList<>(List.of(changing.snapshot()));
                for (int i = 0; i < 60; i++) {
                    changing.batch(tx -> change(tx, random));
                    whole.add(changing.snapshot());
                }
                for (Snapshot state : whole) {
                    Object expected = RecordedValue.of(state.root(), places.root(), () -> Redacted.change(1));
                    assertThat(text(history.at(state.version()).root()))
                            .as(
                                    "seed %d, version %d, only %s, redacted %s",
                                    seed, state.version(), places.only(), places.redacted())
                            .isEqualTo(text(expected));
                }
            }
        }
    }

    private static String text(@Nullable Object tree) {
        return String.valueOf(tree).replaceAll("redacted \\d+", "redacted");
    }

    private static RecordedPlaces places(Random random) {
        List<String> patterns = List.of("/m/*", "/m/a/**", "/l/*/b", "/l/1", "/**/c", "/l", "/m/*/a", "/l/*/*/0", "/*");
        Set<PathPattern> only = new HashSet<>();
        Set<PathPattern> redacted = new HashSet<>();
        for (String pattern : patterns) {
            (random.nextInt(4) == 0 ? only : random.nextInt(3) == 0 ? redacted : new HashSet<PathPattern>())
                    .add(PathPattern.parse(pattern));
        }
        return new RecordedPlaces(List.copyOf(only), List.copyOf(redacted));
    }

    private static void change(dev.heartwood.Transaction tx, Random random) {
        for (int i = 0; i <= random.nextInt(3); i++) {
            int length = tx.size(KeyPath.of("l"));
            switch (random.nextInt(6)) {
                case 0 -> tx.put(KeyPath.of("m", key(random)), value(random, 3));
                case 1 -> tx.discard(KeyPath.of("m", key(random)));
                case 2 -> tx.insert(KeyPath.of("l", random.nextInt(length + 1)), value(random, 3));
                case 3 -> tx.discard(KeyPath.of("l", random.nextInt(length + 1)));
                case 4 -> tx.put(KeyPath.of(key(random)), value(random, 3));
                default -> {
                    if (length > 0) {
                        tx.put(KeyPath.of("l", random.nextInt(length)), value(random, 3));
                    }
                }
            }
        }
    }

    private static String key(Random random) {
        return List.of("a", "b", "c").get(random.nextInt(3));
    }

    private static Object value(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 1 : 3);
        if (kind == 1) {
            return Map.of(key(random), value(random, depth - 1));
        }
        return kind == 2 ? List.of(value(random, depth - 1), value(random, depth - 1)) : (Object) random.nextInt(5);
    }

    private History redacting(String... patterns) {
        HistoryOptions options = History.options();
        for (String pattern : patterns) {
            options = options.redact(PathPattern.parse(pattern));
        }
        return options.of(store);
    }
}
