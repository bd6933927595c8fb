package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Everything of ours at the depth limit, on a stack of 256 kB. */
class DeepTreeTest {
    /** 998 containers below the root's own child: maps and lists in turn. */
    private static Object deep(Object leaf) {
        Object value = leaf;
        for (int i = 0; i < 999; i++) {
            value = i % 2 == 0 ? Map.of("a", value) : List.of(value);
        }
        return value;
    }

    private static KeyPath bottom() {
        KeyPath path = KeyPath.of("x");
        for (int i = 998; i >= 0; i--) {
            path = path.child(i % 2 == 0 ? "a" : (Object) 0);
        }
        return path;
    }

    private static void onSmallStack(Callable<?> body) throws Exception {
        SmallStack.call(body);
    }

    private static Store store(Object leaf) {
        Store store = Store.create();
        store.put("x", deep(leaf));
        return store;
    }

    @Test
    void writing() throws Exception {
        onSmallStack(() -> {
            Store store = store(1);
            KeyPath bottom = bottom();
            assertThat(bottom.size()).isEqualTo(1_000);
            assertThat(store.put(bottom, 2)).isEqualTo(1L);
            assertThat(store.increment(bottom)).isEqualTo(3L);
            assertThat(store.replace(bottom, 3, 4)).isTrue();
            assertThat(store.replace("x", deep(5), 1)).isFalse();
            assertThat(store.replace("x", deep(4), deep(6))).isTrue();
            store.update(bottom, x -> "text");
            store.concat(bottom, "!");
            store.updateMap("x", x -> x.put("b", 1));
            store.merge("x", 1, (old, one) -> old);
            assertThat(store.discard(bottom)).isTrue();
            store.put(bottom, true);
            store.append(bottom.prefix(998), 1);
            store.insert(bottom.prefix(998).child(0), 0);
            assertThat(store.remove("x")).isInstanceOf(HashMap.class);
            return store;
        });
    }

    @Test
    void writingAfterALostRace() throws Exception {
        onSmallStack(() -> {
            InterposedRoot root = new InterposedRoot(Map.of());
            Store store = Store.over(root);
            store.put("x", deep(1));
            root.beforeNextCommit(() -> store.increment(bottom()));
            assertThat(store.increment(bottom())).isEqualTo(3L);
            return store;
        });
    }

    @Test
    void reading() throws Exception {
        onSmallStack(() -> {
            Store store = store(1);
            assertThat(store.get(bottom())).isEqualTo(1L);
            assertThat(store.get(bottom(), int.class)).isEqualTo(1);
            assertThat(store.contains(bottom().child("no"))).isFalse();
            assertThat(store.toMap().keySet()).containsExactly("x");
            assertThat(store.leaves(KeyPath.root()).count()).isEqualTo(1);
            assertThat(store.leaves("x").findFirst().map(Map.Entry::getKey)).isEqualTo(Optional.of(bottom()));
            assertThat(KeyPath.parse(bottom().toString())).isEqualTo(bottom());
            assertThat(store.toString()).isNotEmpty();
            assertThat(store.snapshot().toString()).isNotEmpty();
            return store;
        });
    }

    @Test
    void comparing() throws Exception {
        onSmallStack(() -> {
            Snapshot a = store(1).snapshot();
            Snapshot same = store(1).snapshot();
            Snapshot other = store(2).snapshot();
            assertThat(a.sameTree(same)).isTrue();
            assertThat(a.sameTree(other)).isFalse();
            assertThat(a.diff(same).isEmpty()).isTrue();
            Diff diff = a.diff(other);
            assertThat(diff.toString()).isEqualTo("~ " + bottom() + ": 1 -> 2");
            assertThat(diff.inverse()).isEqualTo(other.diff(a));
            Store store = store(1);
            store.apply(diff);
            assertThat(store.snapshot().sameTree(other)).isTrue();
            return store;
        });
    }

    @Test
    void diffsThatHoldWholeTrees() throws Exception {
        onSmallStack(() -> {
            Snapshot empty = Store.create().snapshot();
            Diff added = empty.diff(store(1).snapshot());
            Diff again = empty.diff(store(1).snapshot());
            boolean same = added.equals(again) && added.hashCode() == again.hashCode();
            assertThat(same).isTrue();
            assertThat(added.equals(empty.diff(store(2).snapshot()))).isFalse();
            assertThat(added.inverse().equals(again.inverse())).isTrue();
            assertThat(added.toString()).startsWith("+ /x = {\"a\": [{\"a\": [").hasSizeLessThan(250);
            Change change = added.iterator().next();
            assertThat(change.equals(again.iterator().next())).isTrue();
            Store replaced = Store.of(Map.of("x", List.of()));
            Diff replaces = replaced.snapshot().diff(store(1).snapshot());
            assertThat(replaces.equals(replaced.snapshot().diff(store(1).snapshot())))
                    .isTrue();
            assertThat(replaces.toString()).startsWith("~ /x: [] -> {");
            Store target = Store.create();
            target.apply(added);
            target.apply(added.inverse());
            assertThat(target.size()).isZero();
            return target;
        });
    }

    @Test
    void editsThatHoldWholeTrees() throws Exception {
        onSmallStack(() -> {
            Object node = store(1).get("x");
            Object again = store(1).get("x");
            KeyPath x = KeyPath.of("x");
            Vector<Object> list = Vector.of(node);
            Vector<Object> listAgain = Vector.of(again);
            List<Edit> edits = List.of(new Edit.Put(x, node), new Edit.Append(x, 1, list), new Edit.Remove(x));
            List<Edit> same = List.of(new Edit.Put(x, again), new Edit.Append(x, 1, listAgain), new Edit.Remove(x));
            assertThat(edits.equals(same)).isTrue();
            assertThat(edits.hashCode()).isEqualTo(same.hashCode());
            assertThat(edits.toString()).contains("/x");
            return edits;
        });
    }

    @Test
    void views() throws Exception {
        onSmallStack(() -> {
            Map<String, Object> view = store(1).getMap("x");
            Map<String, Object> again = store(1).getMap("x");
            boolean same = view.equals(again) && view.hashCode() == again.hashCode();
            assertThat(same).isTrue();
            assertThat(view.equals(store(2).getMap("x"))).isFalse();
            assertThat(view.equals(deep(1L))).isTrue();
            assertThat(view.equals(deep(2L))).isFalse();
            assertThat(view.toString()).startsWith("{a=[{a=[").endsWith("]}]}");
            List<Object> list = Store.of(Map.of("l", List.of(List.of(1)))).getList("l");
            assertThat(list.equals(view)).isFalse();
            return view;
        });
    }

    @Test
    void batchesAndFailures() throws Exception {
        onSmallStack(() -> {
            Store store = store(1);
            Commit commit = store.batch(tx -> {
                tx.increment(bottom());
                tx.put("y", tx.get("x"));
                tx.remove("x");
                tx.put("x", tx.get("y"));
            });
            assertThat(commit.diff().size()).isEqualTo(2);
            for (Runnable failing : List.<Runnable>of(
                    () -> store.increment("x"),
                    () -> store.get("x", Integer.class),
                    () -> store.concat("x", "y"),
                    () -> store.get(KeyPath.of("x", "no")),
                    () -> store.put(KeyPath.root(), List.of(store.get("x"))),
                    () -> store.apply(commit.diff()))) {
                try {
                    failing.run();
                    throw new AssertionError("should have failed");
                } catch (StoreException expected) {
                    assertThat(expected.getMessage()).hasSizeLessThan(12_000);
                }
            }
            return Collections.singleton(store);
        });
    }
}
