package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages for people: the actual value, the expected one, and the remedy. */
class MessagesTest {
    private final Store store = Store.of(Map.of(
            "budget", 0, "user", Map.of("name", "Ann", "tags", List.of("x", "y")), "list", List.of(1, 2), "a.b", 1));

    private static String message(ThrowingCallable use) {
        Throwable[] thrown = new Throwable[1];
        assertThatThrownBy(() -> {
                    try {
                        use.call();
                    } catch (Throwable e) {
                        thrown[0] = e;
                        throw e;
                    }
                })
                .isInstanceOf(StoreException.class);
        return thrown[0].getMessage();
    }

    @Test
    void aValueOfAnotherTypeIsNamedWithItsKind() {
        assertThat(message(() -> store.get("budget", String.class))).isEqualTo("/budget is 0, a number, not a String");
        KeyPath name = KeyPath.of("user", "name");
        assertThat(message(() -> store.get(name, Integer.class)))
                .isEqualTo("/user/name is \"Ann\", a string, not an Integer");
        assertThat(message(() -> store.increment(name))).isEqualTo("/user/name is \"Ann\", a string, not a number");
        assertThat(message(() -> store.get("list", String.class))).isEqualTo("/list is a list of 2, not a String");
        assertThat(message(() -> store.get("user", String.class)))
                .isEqualTo("/user is a map with name, tags, not a String");
        assertThat(message(() -> store.mapAt("budget"))).isEqualTo("/budget is 0, a number, not a map");
        assertThat(message(() -> store.keys("list"))).isEqualTo("/list is a list of 2, not a map");
        assertThat(message(() -> store.size("budget"))).isEqualTo("/budget is 0, a number, not a map or a list");
        assertThat(message(() -> store.put(KeyPath.of("budget", "x"), 1)))
                .isEqualTo("cannot write /budget/x: /budget is 0, a number, not a map or a list");
        assertThat(message(() -> store.append("user", 1)))
                .isEqualTo("cannot write /user/-: /user is a map with name, tags, not a list");
        assertThat(message(() -> store.put(KeyPath.of("list", "x"), 1)))
                .isEqualTo("cannot write /list/x: /list is a list of 2, and \"x\" is no index of it");
        assertThat(message(() -> store.concat("budget", "x")))
                .isEqualTo(
                        "/budget is 0, a number, and a string cannot be joined to it: expected two strings or two lists");
    }

    @Test
    void aNumberThatDoesNotFitIsTold() {
        store.put("n", 5.5);
        assertThat(message(() -> store.get("n", int.class)))
                .isEqualTo("/n is 5.5, a number, which no int holds exactly");
        assertThat(message(() -> store.get("n", Long.class)))
                .isEqualTo("/n is 5.5, a number, which no Long holds exactly");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user.name    | KeyPath.of("user", "name")
            user/name    | KeyPath.of("user", "name")
            /user/name   | KeyPath.parse("/user/name")
            user.tags.1  | KeyPath.of("user", "tags", 1)
            user.tags[1] | KeyPath.of("user", "tags", 1)
            list[0]      | KeyPath.of("list", 0)
            /budget      | KeyPath.parse("/budget")
            """)
    void aKeyThatSpellsAPathSuggestsIt(String key, String code) {
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> store.get(key),
                () -> store.get(key, String.class),
                () -> store.increment(key),
                () -> store.remove(key),
                () -> store.update(key, old -> old),
                () -> store.append(key, 1),
                () -> store.batch(tx -> tx.size(key)))) {
            assertThat(message(use)).endsWith("\"" + key + "\" is one key here: did you mean " + code + "?");
        }
    }

    @Test
    void aStepThatSpellsAPathSuggestsItToo() {
        assertThat(message(() -> store.get(KeyPath.of("user", "tags.0"))))
                .endsWith("did you mean KeyPath.of(\"user\", \"tags\", 0)?");
        assertThat(message(() -> store.get(KeyPath.of("user.tags", 0))))
                .endsWith("did you mean KeyPath.of(\"user\", \"tags\", 0)?");
        assertThat(message(() -> store.get(KeyPath.of("user", "tags", 7)))).doesNotContain("did you mean");
    }

    @Test
    void whatLeadsNowhereSuggestsNothing() {
        assertThat(message(() -> store.get("user.age")))
                .isEqualTo("nothing at /user.age: the root is a map with a.b, budget, list, user");
        assertThat(message(() -> store.get("..."))).doesNotContain("did you mean");
        assertThat(message(() -> store.get("/nowhere"))).endsWith("did you mean KeyPath.parse(\"/nowhere\")?");
        assertThat(store.get("a.b")).isEqualTo(1L);
    }

    @Test
    void whatMustExistSaysHowItIsMade() {
        assertThat(message(() -> store.append("log", 1)))
                .startsWith("nothing at /log/-: the root is a map with ")
                .endsWith("; append and insert need a list there, and init(\"log\", List.of()) makes one");
        assertThat(message(() -> store.insert(KeyPath.of("user", "log", 0), 1)))
                .endsWith("init(KeyPath.of(\"user\", \"log\"), List.of()) makes one");
        assertThat(message(() -> store.concat("log", List.of()))).contains("init(\"log\", List.of())");
        assertThat(message(() -> store.increment("hits"))).endsWith("init(\"hits\", 0) makes one");
        assertThat(message(() -> store.update("hits", old -> old))).contains("init(\"hits\", ...)");
        assertThat(message(() -> store.insert(KeyPath.of("list", 7), 1)))
                .isEqualTo("nothing at /list/7: /list is a list of 2");
    }

    @Test
    void messagesAreBoundedAndOnOneLine() {
        Map<String, Object> wide = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            wide.put("key" + i, i);
        }
        Store big = Store.of(Map.of(
                "wide",
                wide,
                "whole",
                BigInteger.ONE.shiftLeft(1_000_000),
                "decimal",
                new BigDecimal(BigInteger.ONE.shiftLeft(1_000_000), 5),
                "long",
                "x".repeat(5_000_000),
                "y".repeat(1_000_000),
                1,
                "two\nlines",
                1));
        for (String key : List.of("wide", "whole", "decimal", "long")) {
            assertThat(message(() -> big.get(key, Boolean.class))).hasSizeLessThan(1_000);
            assertThat(message(() -> big.append(key, 1))).hasSizeLessThan(1_000);
        }
        assertThat(message(() -> big.get("nowhere"))).hasSizeLessThan(1_000).contains("two\\u000alines");
        assertThat(message(() -> big.get("z".repeat(1_000_000)))).hasSizeLessThan(3_000);
        assertThat(message(() -> big.get("no\nwhere"))).startsWith("nothing at /no\\u000awhere: ");
        assertThat(big.toString()).hasSizeLessThan(2_000);
        assertThat(big.snapshot().toString()).hasSizeLessThan(2_000).doesNotContain("\n");
    }

    /** To write such a number out takes long, and a part of it says little. */
    @Test
    void ofANumberOfVeryManyDigitsItsLengthIsTold() {
        BigInteger whole = BigInteger.ONE.shiftLeft(100_000);
        store.put("whole", whole);
        store.put("decimal", new BigDecimal(whole, 3));
        assertThat(message(() -> store.keys("whole")))
                .isEqualTo("/whole is a whole number of 100001 bits, a number, not a map");
        assertThat(message(() -> store.keys("decimal")))
                .isEqualTo("/decimal is a decimal of 100001 bits, a number, not a map");
        assertThat(TreePrinter.brief(List.of(whole))).hasSizeLessThan(300);
        assertThat(TreePrinter.brief(whole)).isEqualTo("a number of about 30103 digits");
        assertThat(TreePrinter.brief(new BigDecimal(whole, 3))).isEqualTo("a decimal of about 30103 digits");
    }

    @Test
    void storesSnapshotsAndTransactionsShowAFewOfTheirKeys() {
        assertThat(store)
                .hasToString(
                        "Store[version 0, {\"a.b\": 1, \"budget\": 0, \"list\": [2 elements], \"user\": {2 keys}}]");
        assertThat(store.snapshot().edit(tx -> tx.clear())).hasToString("Snapshot[version 0 (draft), {}]");
        Transaction[] kept = new Transaction[1];
        store.batch(tx -> {
            kept[0] = tx;
            tx.put("budget", List.of());
            tx.put("user", Map.of("only", 1));
            tx.put("list", Map.of());
            assertThat(tx)
                    .hasToString(
                            "Transaction[on version 0, {\"a.b\": 1, \"budget\": [], \"list\": {}, \"user\": {1 key}}]");
            Crew.elsewhere(() -> assertThat(tx.toString()).startsWith("Transaction[on version 0, "));
        });
        assertThat(kept[0].toString()).startsWith("Transaction[over, on version 0, ");
        for (int i = 0; i < 100; i++) {
            store.put("k" + i, i);
        }
        assertThat(store.toString()).startsWith("Store[version 101, {\"").endsWith(", and 96 more keys}]");
        assertThat(store.at("budget")).hasToString("Ref[/budget]");
    }

    @Test
    void toLookAtATransactionIsToReadNothing() {
        int[] runs = new int[1];
        Commit commit = store.batch(tx -> {
            runs[0]++;
            assertThat(tx.toString()).contains("budget");
            tx.set("mine", 1);
            Crew.elsewhere(() -> store.increment("budget"));
        });
        assertThat(commit.attempts()).isEqualTo(1);
    }

    private static void refuses(ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("does not change")
                .hasMessageContaining("put");
    }

    @Test
    void aViewOfAMapRefusesEveryChangeAndSaysWhatToDo() {
        for (Map<String, Object> map :
                List.of(store.getMap("user"), store.getMap(KeyPath.root()), empty().getMap("m"))) {
            refuses(() -> map.put("x", 1));
            refuses(() -> map.putAll(Map.of()));
            refuses(() -> map.putIfAbsent("name", 1));
            refuses(() -> map.remove("nowhere"));
            refuses(() -> map.remove("nowhere", 1));
            refuses(() -> map.replace("nowhere", 1));
            refuses(() -> map.replace("nowhere", 1, 2));
            refuses(() -> map.replaceAll((key, value) -> value));
            refuses(() -> map.compute("x", (key, value) -> 1));
            refuses(() -> map.computeIfAbsent("name", key -> 1));
            refuses(() -> map.computeIfPresent("x", (key, value) -> 1));
            refuses(() -> map.merge("x", 1, (a, b) -> a));
            refuses(map::clear);
            refuses(() -> map.keySet().remove("x"));
            refuses(() -> map.keySet().add("x"));
            refuses(() -> map.values().clear());
            refuses(() -> map.values().removeIf(value -> false));
            refuses(() -> map.entrySet().retainAll(List.of()));
            refuses(() -> map.entrySet().removeAll(List.of()));
            refuses(() -> map.entrySet().addAll(List.of()));
        }
        refuses(() -> removeFirst(store.getMap("user").keySet().iterator()));
        refuses(() -> removeFirst(store.getMap("user").values().iterator()));
        refuses(() -> removeFirst(store.getMap("user").entrySet().iterator()));
        refuses(() -> store.getMap("user").entrySet().iterator().next().setValue(1));
        refuses(() -> store.keys().remove("x"));
        refuses(() -> removeFirst(store.keys("user").iterator()));
    }

    private static Store empty() {
        return Store.of(Map.of("m", Map.of(), "l", List.of()));
    }

    private static void removeFirst(Iterator<?> iterator) {
        iterator.next();
        iterator.remove();
    }

    @Test
    void aViewOfAListRefusesEveryChangeAndSaysWhatToDo() {
        for (List<Object> list : List.of(store.getList("list"), empty().getList("l"))) {
            refuses(() -> list.add(1));
            refuses(() -> list.add(0, 1));
            refuses(() -> list.addAll(List.of()));
            refuses(() -> list.addAll(0, List.of()));
            refuses(() -> list.set(0, 1));
            refuses(() -> list.remove(0));
            refuses(() -> list.remove((Object) "nowhere"));
            refuses(() -> list.removeAll(List.of()));
            refuses(() -> list.removeIf(element -> false));
            refuses(() -> list.retainAll(List.of()));
            refuses(() -> list.replaceAll(element -> element));
            refuses(() -> list.sort(null));
            refuses(list::clear);
            refuses(() -> list.listIterator().add(1));
        }
        List<Object> list = store.getList("list");
        refuses(() -> removeFirst(list.iterator()));
        refuses(() -> removeFirst(list.listIterator()));
        refuses(() -> list.subList(0, 1).clear());
        refuses(() -> list.subList(0, 1).set(0, 1));
        assertThat(list).containsExactly(1L, 2L);
        assertThat(new ArrayList<>(list)).isEqualTo(Arrays.asList(1L, 2L));
    }

    @Test
    void aViewAdvisesACopyOfItsOwnKind() {
        assertThatThrownBy(() -> store.getList("list").add(3)).hasMessageEndingWith("new java.util.ArrayList<>(view)");
        assertThatThrownBy(() -> store.getList("list", Long.class).remove(0))
                .hasMessageEndingWith("new java.util.ArrayList<>(view)");
        assertThatThrownBy(() -> store.keys().clear()).hasMessageEndingWith("new java.util.ArrayList<>(view)");
        assertThatThrownBy(() -> store.getMap("user").clear()).hasMessageEndingWith("new java.util.HashMap<>(view)");
    }

    @Test
    void aFunctionThatGivesAnotherTypeIsToldFromTheValueThatIsThere() {
        assertThat(message(() -> store.update("budget", Integer.class, n -> null)))
                .isEqualTo("the function gave null for /budget, expected an Integer; nothing is changed");
        assertThat(message(() -> store.at("budget").typed(Integer.class).update(n -> null)))
                .isEqualTo("the function gave null for /budget, expected an Integer; nothing is changed");
        assertThat(message(() -> store.batch(tx -> tx.commute("budget", Long.class, n -> null))))
                .isEqualTo("the function gave null for /budget, expected a Long; nothing is changed");
        assertThat(store.get("budget")).isEqualTo(0L);
    }

    @Test
    void theLiveViewsSayWhyNothingCanBeAdded() {
        assertThatThrownBy(() -> store.asMap().keySet().add("x"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("put(key, value)");
        assertThatThrownBy(() -> store.asMap().values().addAll(List.of(1)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("put(key, value)");
        assertThatThrownBy(() -> store.asMap().entrySet().add(Map.entry("x", 1)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("put(key, value)");
    }

    @Test
    void aDiffRefusesTheRemovalOfAChange() {
        Snapshot before = store.snapshot();
        store.increment("budget");
        refuses(() -> removeFirst(before.diff(store.snapshot()).iterator()));
    }
}
