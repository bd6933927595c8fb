package dev.heartwood;

import static dev.heartwood.Zoo.COUNT;
import static dev.heartwood.Zoo.VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Zoo.Place;
import dev.heartwood.Zoo.Shape;
import dev.heartwood.tree.Steps;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operations with a result, a function or a watcher of interest meet every shape of value, in two sizes;
 * {@link EveryOperationTest} calls all that are public. An operation elsewhere takes as many steps beside the large one
 * as beside the small one; an operation that must look at the whole value takes steps in proportion to its distinct
 * nodes. A step is a visited node, so the figures are the same on every machine.
 */
class ShapeZooTest {
    private record Operation(String name, Consumer<Place> run) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Operation operation(String name, Consumer<Place> run) {
        return new Operation(name, run);
    }

    private static void fails(Runnable operation) {
        String message = "";
        try {
            operation.run();
        } catch (StoreException e) {
            message = e.getMessage();
        }
        assertThat(message).isNotEmpty().hasSizeLessThan(3_000);
    }

    /** Operations whose cost must not depend on the size of the value. */
    private static final List<Operation> BESIDE = List.of(
            operation("update beside it", p -> p.store.update(COUNT, Long.class, n -> n + 1)),
            operation("merge beside it", p -> p.store.merge(COUNT, Long.class, 1L, Long::sum)),
            operation("append beside it", p -> p.store.append(KeyPath.of("l"), 1)),
            operation("insert beside it", p -> p.store.insert(KeyPath.of("l", 0), 1)),
            operation("update to the same", p -> p.store.update(VALUE, value -> value)),
            operation("replace by itself", p -> p.store.replace(VALUE, p.raw, p.raw)),
            operation("put elsewhere", p -> p.store.put("other", p.raw)),
            operation("put deeper", p -> p.store.put(KeyPath.of("a", "b2"), p.raw)),
            operation("put the whole tree", p -> p.store.put(KeyPath.root(), p.before.root())),
            operation("put a number over it", p -> p.store.put(VALUE, 1)),
            operation("move", p -> p.store.batch(tx -> tx.put("moved", tx.remove("v")))),
            operation("wrap it", p -> p.store.update(VALUE, value -> HashMap.of("inner", value))),
            operation(
                    "rename it",
                    p -> p.store.updateMap(
                            KeyPath.root(),
                            root -> root.put("w", root.get("v").get()).remove("v"))),
            operation(
                    "batch beside it",
                    p -> p.store.batch(tx -> {
                        tx.get(VALUE);
                        tx.increment(COUNT);
                    })),
            operation(
                    "roll a part back",
                    p -> p.store.batch(tx -> {
                        try {
                            tx.atomically(part -> {
                                part.put(VALUE, 1);
                                throw new IllegalStateException();
                            });
                        } catch (IllegalStateException e) {
                            tx.increment(COUNT);
                        }
                    })),
            operation(
                    "compare and set",
                    p -> p.store.compareAndSet(
                            p.store.snapshot(), p.store.snapshot().edit(tx -> tx.put("x", 1)))),
            operation("restore", p -> p.store.restore(p.before)),
            operation(
                    "same tree as before",
                    p -> p.before.edit(tx -> tx.put(COUNT, 5)).sameTree(p.before)),
            operation(
                    "difference to before",
                    p -> p.before.edit(tx -> tx.put(COUNT, 5)).diff(p.before).size()),
            operation(
                    "apply a difference",
                    p -> p.store.apply(
                            p.store.snapshot().diff(p.store.snapshot().edit(tx -> tx.put(COUNT, 5))))),
            operation("difference in a list beside it", p -> {
                Store lists = Store.of(HashMap.of("l", Vector.of(1L, p.raw, 2L)));
                Snapshot one = lists.snapshot();
                lists.insert(KeyPath.of("l", 0), "first");
                lists.append(KeyPath.of("l"), "last");
                assertThat(one.diff(lists.snapshot()).size()).isEqualTo(2);
            }),
            operation("commit beside a watcher of it", p -> {
                try (Subscription s = p.store.watch(VALUE, Delivery.latest(Runnable::run), u -> {})) {
                    p.store.increment(COUNT);
                    assertThat(s).isNotNull();
                }
            }),
            operation("tell a watcher of it", p -> {
                AtomicInteger length = new AtomicInteger();
                try (Subscription s = p.store.watch(
                        VALUE,
                        Delivery.latest(Runnable::run),
                        u -> length.set(u.toString().length()))) {
                    p.store.put(VALUE, 1);
                    assertThat(s).isNotNull();
                }
                assertThat(length.get()).isBetween(1, 3_000);
            }),
            operation(
                    "print a change",
                    p -> assertThat(new Change.Replaced(VALUE, p.raw, p.raw).toString()
                                    + new Change.Added(VALUE, p.raw))
                            .hasSizeLessThan(3_000)),
            operation(
                    "print an edit",
                    p -> assertThat(new Edit.Put(VALUE, p.raw).toString()).hasSizeLessThan(3_000)),
            operation("of the wrong type", p -> fails(() -> p.store.get(VALUE, Boolean.class))),
            operation(
                    "add a list to it",
                    p -> fails(() -> p.store.concat(VALUE, p.raw instanceof Vector ? "x" : List.of()))),
            operation("nothing there", p -> fails(() -> p.store.get(KeyPath.of("v", "no such key")))),
            operation("an unsupported value", p -> fails(() -> p.store.put("x", Arrays.asList(p.raw, new BitSet())))),
            operation(
                    "a conflict",
                    p -> fails(() -> p.store.apply(
                            p.before.diff(p.before.edit(tx -> tx.put(COUNT, 9))).inverse()))),
            operation("live map", p -> p.store.asMap().get("c")));

    /** Operations that must look at the whole value, or at the whole of an equal one. */
    private static final List<Operation> THROUGH = List.of(
            operation("put one that is equal", p -> p.store.put(VALUE, p.equal)),
            operation("replace one that is equal", p -> p.store.replace(VALUE, p.equal, 1)),
            operation(
                    "same tree as a twin",
                    p -> assertThat(p.before.sameTree(p.twin)).isTrue()),
            operation(
                    "difference to a twin",
                    p -> assertThat(p.before.diff(p.twin)).isEmpty()),
            operation(
                    "hash code of a view",
                    p -> assertThat(p.store.getMap(KeyPath.root()).hashCode()).isNotZero()),
            operation(
                    "equality of views",
                    p -> assertThat(p.before.getMap(KeyPath.root()).equals(p.twin.getMap(KeyPath.root())))
                            .isTrue()),
            operation(
                    "equality with java.util",
                    p -> assertThat(p.before.getMap(KeyPath.root()).get("v").equals(p.equal))
                            .isIn(true, false)),
            operation("difference between lists of it", p -> {
                Snapshot one =
                        Store.of(Map.of("l", Arrays.asList("x", p.raw, 1L))).snapshot();
                Snapshot two = Store.of(Map.of("l", Arrays.asList(p.twin.get(VALUE), "y", "z")))
                        .snapshot();
                assertThat(one.diff(two).size()).isLessThan(10);
            }),
            operation("listeners that see an equal one", p -> {
                try (Subscription s = p.store.watch(VALUE, Delivery.latest(Runnable::run), u -> {})) {
                    p.store.put(VALUE, p.equal);
                    assertThat(s).isNotNull();
                }
            }));

    private static Stream<Arguments> product(List<Operation> operations) {
        return Zoo.SHAPES.stream()
                .flatMap(shape -> operations.stream().map(operation -> Arguments.of(shape, operation)));
    }

    static Stream<Arguments> beside() {
        return product(BESIDE);
    }

    static Stream<Arguments> through() {
        return product(THROUGH);
    }

    @ParameterizedTest(name = "{1} beside {0}")
    @MethodSource
    void beside(Shape shape, Operation operation) {
        long small = shape.steps(shape.small(), operation.run);
        long large = shape.steps(shape.large(), operation.run);
        assertThat(large).as("steps; %d beside the small one", small).isLessThanOrEqualTo(2 * small + 700);
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource
    void through(Shape shape, Operation operation) {
        long small = shape.steps(shape.small(), operation.run);
        long large = shape.steps(shape.large(), operation.run);
        // Ten times as many nodes, or bytes; a factor of two, and the work before anything is remembered.
        assertThat(large).as("steps; %d through the small one", small).isLessThanOrEqualTo(20 * small + 10_000);
    }

    @Test
    void stepsAreCounted() {
        assertThat(Steps.areCounted()).isTrue();
        assertThat(Zoo.SHAPES.get(0).steps(1_000, THROUGH.get(0).run)).isGreaterThan(900);
    }
}
