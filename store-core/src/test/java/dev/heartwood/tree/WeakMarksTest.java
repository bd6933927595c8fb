package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WeakMarksTest {
    private static final int OBJECTS = 2_000;

    private final WeakMarks marks = new WeakMarks();
    private final List<Object> objects = objects();

    private static List<Object> objects() {
        Object[] objects = new Object[OBJECTS];
        Arrays.setAll(objects, i -> new Object());
        return Arrays.asList(objects);
    }

    private int height(Object object) {
        return Objects.requireNonNull(marks.get(object)).height;
    }

    @Test
    void aMarkIsThatOfItsObjectHoweverFarTheTableHasGrown() {
        for (int i = 0; i < OBJECTS; i++) {
            marks.put(objects.get(i), i, null);
        }
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(height(objects.get(i))).isEqualTo(i);
        }
        assertThat(marks.get(new Object())).isNull();
    }

    @Test
    void anObjectThatIsMarkedOftenHasItsNewestMarkAlone() {
        WeakReference<Object> one = new WeakReference<>("one");
        WeakReference<Object> other = new WeakReference<>("other");
        for (int round = 0; round < 50; round++) {
            for (Object object : objects) {
                marks.put(object, round, round % 2 == 0 ? one : other);
            }
            for (Object object : objects) {
                assertThat(height(object)).isEqualTo(round);
            }
        }
        assertThat(marks.count()).isEqualTo(OBJECTS);
    }

    @Test
    void marksOfTheDeadMakeRoom() throws InterruptedException {
        List<WeakReference<Object>> dead = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Object object = new Object();
            dead.add(new WeakReference<>(object));
            marks.put(object, 1, null);
        }
        awaitDeath(dead);
        for (Object object : objects) {
            marks.put(object, 2, null);
        }
        assertThat(marks.count()).isEqualTo(OBJECTS);
    }

    private static void awaitDeath(List<WeakReference<Object>> objects) throws InterruptedException {
        while (!objects.stream().allMatch(object -> object.refersTo(null))) {
            System.gc();
            Thread.sleep(10);
        }
    }
}
