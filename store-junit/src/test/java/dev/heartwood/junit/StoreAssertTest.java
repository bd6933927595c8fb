package dev.heartwood.junit;

import static dev.heartwood.junit.StoreAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Assertions on trees fail with the difference as their message. */
class StoreAssertTest {
    private final Store store = Store.of(Map.of("a", Map.of("n", 1, "list", List.of(1, 2)), "b", Map.of()));
    private final Snapshot before = store.snapshot();

    @Test
    void aValueIsComparedAsItWouldBePut() {
        assertThat(store)
                .hasValueAt("/a/n", 1)
                .hasValueAt("/a/list", List.of(1, 2))
                .hasValueAt(KeyPath.of("b"), Map.of());
        store.put("nothing", null);
        assertThat(store).hasValueAt("/nothing", null).hasNothingAt("/absent");
    }

    @Test
    void anotherValueFailsWithTheDifference() {
        assertThatThrownBy(() -> assertThat(store).hasValueAt("/a/list", List.of(1, 3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("/a/list")
                .hasMessageContaining("~ /value/1: 3 -> 2");
        assertThatThrownBy(() -> assertThat(store).hasValueAt("/a/n", 1.0)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aMissingValueAndOneThatShouldNotBeThereFail() {
        assertThatThrownBy(() -> assertThat(store).hasValueAt("/absent", null))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing is there");
        assertThatThrownBy(() -> assertThat(store).hasNothingAt("/a/n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("/a/n");
    }

    @Test
    void changesBelowThePlacesPass() {
        store.put(KeyPath.of("a", "n"), 2);
        store.append(KeyPath.of("a", "list"), 3);
        store.put(KeyPath.of("c", "x", "y"), 1);

        assertThat(store).since(before).changedOnly("/a", "/c/*");
        assertThat(store).since(before).changedOnly("/a/**", "/c/x/y");
    }

    @Test
    void changesElsewhereFailWithThem() {
        store.put(KeyPath.of("a", "n"), 2);
        store.put(KeyPath.of("b", "x"), 1);

        assertThatThrownBy(() -> assertThat(store).since(before).changedOnly("/a"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("+ /b/x = 1")
                .hasMessageNotContaining("/a/n:");
        store.remove("a");
        assertThatThrownBy(() -> assertThat(store).since(before).changedOnly("/b", "/a/n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("- /a");
    }

    @Test
    void whereNoPlaceMayChangeAnyChangeFails() {
        assertThat(store).since(before).changedOnly();
        store.put(KeyPath.of("a", "n"), 2);
        assertElsewhere("/a/n");
    }

    @Test
    void ofAContainerThatCameOrWentEachPartMustBeAtThePlaces() {
        store.put("map", Map.of("x", 1, "y", 2));
        assertElsewhere("+ /map", "/map/x");
        assertThat(store).since(before).changedOnly("/map/x", "/map/y");
        store.restore(before);

        store.put("list", List.of(1, 2));
        assertElsewhere("+ /list", "/list/0");
        assertThat(store).since(before).changedOnly("/list/0", "/list/1");
        store.restore(before);

        store.put("empty", Map.of());
        assertElsewhere("+ /empty", "/empty/x");
        store.restore(before);

        store.put(KeyPath.of("a", "n"), Map.of("x", 1));
        assertElsewhere("~ /a/n", "/a/n/*");
        assertThat(store).since(before).changedOnly("/a/n");
        store.restore(before);

        store.remove("a");
        assertElsewhere("- /a", "/a/list");
        assertElsewhere("- /a", "/a/n", "/a/list/0");
        assertThat(store).since(before).changedOnly("/a/n", "/a/list");
    }

    private void assertElsewhere(String change, String... places) {
        assertThatThrownBy(() -> assertThat(store).since(before).changedOnly(places))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(change);
    }

    @Test
    void aNullThatShouldNotBeThereFails() {
        store.put("nothing", null);

        assertThatThrownBy(() -> assertThat(store).hasNothingAt("/nothing"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected nothing at /nothing");
    }

    @Test
    void aStateThatIsGivenIsTheStartAlsoForAStoreThatKnowsItsOwn() {
        FirstStates.remember(store);
        store.put(KeyPath.of("a", "n"), 2);
        Snapshot later = store.snapshot();
        store.put(KeyPath.of("b", "x"), 1);

        assertThat(store).since(later).changedOnly("/b");
        assertThat(store).changedOnly("/a", "/b");
        assertThatThrownBy(() -> assertThat(store).changedOnly("/b")).isInstanceOf(AssertionError.class);
    }

    @Test
    void aViewOfAPlaceIsSeenFromThere() {
        assertThat(store.under("a")).hasValueAt("/n", 1).hasNothingAt("/b").hasNothingAt("/a/n");
        assertThat(store.under("a", "n")).hasValueAt("", 1).hasNothingAt("/x");
        assertThat(store.under("zz")).hasNothingAt("/b").hasNothingAt("");
        assertThat(before.under("a", "list")).hasValueAt("/1", 2).hasValueAt("", List.of(1, 2));
        store.batch(tx -> {
            tx.put(KeyPath.of("a", "n"), 2);
            assertThat(tx.under("a")).hasValueAt("/n", 2);
        });
        assertThatThrownBy(() -> assertThat(store.under("zz")).hasValueAt("/b", 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected 1 at /b, but nothing is there");
    }

    @Test
    void aViewOfAPlaceIsComparedWithThatPlaceOfTheStart() {
        store.put(KeyPath.of("a", "n"), 2);
        store.put(KeyPath.of("b", "x"), 1);

        assertThat(store.under("a")).since(before).changedOnly("/n");
        assertThat(store.under("a", "n")).since(before).changedOnly("");
        assertThat(store.snapshot().under("a")).since(before).changedOnly("/n");
        assertThatThrownBy(() -> assertThat(store.under("a")).since(before).changedOnly("/list", "/a/n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("~ /a/n: 1 -> 2")
                .hasMessageNotContaining("/b/x");
        store.batch(tx -> {
            tx.put(KeyPath.of("a", "more"), 1);
            assertThat(tx.under("a")).since(before).changedOnly("/n", "/more");
            assertThatThrownBy(() -> assertThat(tx.under("a")).since(before).changedOnly("/n"))
                    .isInstanceOf(AssertionError.class);
        });
    }

    @Test
    void aViewOfAPlaceThatCameOrWentIsComparedToo() {
        store.put(KeyPath.of("new*", "deep"), Map.of("x", 1));
        store.remove("a");

        assertThat(store.under("new*", "deep")).since(before).changedOnly("/x");
        assertThatThrownBy(() ->
                        assertThat(store.under("new*", "deep")).since(before).changedOnly("/y"))
                .isInstanceOf(AssertionError.class);
        assertThat(store.under("a")).since(before).changedOnly("/n", "/list/*");
        assertThatThrownBy(() -> assertThat(store.under("a")).since(before).changedOnly("/n"))
                .isInstanceOf(AssertionError.class);
        assertThat(store.under("never")).since(before).changedOnly();
    }

    @Test
    void aViewOfAPlaceIsSameAsATree() {
        assertThat(store.under("a"))
                .isSameAs(Map.of("n", 1, "list", List.of(1, 2)))
                .isSameAs(before.under("a"))
                .isSameAs(Store.of(Map.of("n", 1, "list", List.of(1, 2))));
        assertThat(Store.of(Map.of("n", 1, "list", List.of(1, 2)))).isSameAs(store.under("a"));
        assertThatThrownBy(() -> assertThat(store.under("a")).isSameAs(before)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(store.under("a")).isSameAs(Map.of("n", 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("+ /a/list");
        assertThatThrownBy(() -> assertThat(store.under("zz")).isSameAs(Map.of()))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aHandleKnowsTheStartOfItsStore() {
        FirstStates.remember(store);
        Store ended = Store.of(store.toMap());
        FirstStates.remember(ended);
        ended.close();
        store.as("me").put(KeyPath.of("a", "n"), 2);

        assertThat(store.as("me")).changedOnly("/a");
        assertThatThrownBy(() -> assertThat(store.as("me").as("you")).changedOnly("/b"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("~ /a/n: 1 -> 2");
        assertThatThrownBy(() -> assertThat(Store.of(store.toMap())).changedOnly("/a"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDescriptionStaysWithTheStartThatIsGiven() {
        assertThatThrownBy(() -> assertThat(store).as("the order").since(before).hasNothingAt("/a"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the order");
    }

    @Test
    void withoutAStartItSaysWhatToDo() {
        assertThatThrownBy(() -> assertThat(store).changedOnly("/a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("since(before)");
    }

    @Test
    void sameAsComparesTrees() {
        assertThat(store).isSameAs(before).isSameAs(new HashMap<>(store.toMap()));
        store.put(KeyPath.of("a", "n"), 2);

        assertThatThrownBy(() -> assertThat(store).isSameAs(before))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("~ /a/n: 1 -> 2");
        assertThatThrownBy(() -> assertThat(store).isSameAs(7)).isInstanceOf(AssertionError.class);
    }
}
