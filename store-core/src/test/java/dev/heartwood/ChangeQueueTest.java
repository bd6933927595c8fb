package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The queue of changes for a listener that receives each change. */
class ChangeQueueTest {
    private static final int LIMIT = 3;

    private final Timeline timeline = new Timeline(0, Map.of("a", 0), Dialect.ANYTHING);
    private final List<Snapshot> states = new ArrayList<>(List.of(timeline.newest()));
    private final ChangeQueue queue = new ChangeQueue(KeyPath.of("a"), LIMIT);

    ChangeQueueTest() {
        for (int i = 1; i <= 2 * LIMIT; i++) {
            states.add(timeline.state(i, HashMap.of("a", (long) i)));
        }
        queue.startFrom(states.get(0));
    }

    private void add(int step) {
        queue.add(states.get(step - 1), states.get(step), true);
    }

    private List<Object> polled() {
        List<Object> values = new ArrayList<>();
        for (Update update = queue.poll(); update != null; update = queue.poll()) {
            values.add(update.newValue());
        }
        return values;
    }

    @Test
    void stepsArePolledInTheirOrder() {
        add(1);
        add(2);
        add(3);
        assertThat(polled()).containsExactly(1L, 2L, 3L);
        add(4);
        assertThat(polled()).containsExactly(4L);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aStepThatIsHandedInAgainWaitsOnce() {
        add(1);
        add(1);
        add(2);
        add(1);
        assertThat(polled()).containsExactly(1L, 2L);
        add(2);
        assertThat(polled()).isEmpty();
    }

    @Test
    void asManyAsTheBacklogWaitAndOneMoreOverflowsIt() {
        add(1);
        add(2);
        add(3);
        assertThat(queue.isOverflown()).isFalse();
        assertThat(queue.poll()).isNotNull();
        add(4);
        assertThat(queue.isOverflown()).isFalse();
        add(5);
        assertThat(queue.isOverflown()).isTrue();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aClosedQueueTakesNothing() {
        add(1);
        queue.close();
        add(2);
        assertThat(polled()).isEmpty();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isOverflown()).isFalse();
    }

    /** A thread that commits may have looked at the watcher before it was closed. */
    @Test
    void theNewestChangeOfAClosedWatcherIsNotKept() {
        NewestChange changes = new NewestChange(KeyPath.of("a"));
        changes.startFrom(states.get(0));
        changes.add(states.get(0), states.get(1), true);
        changes.close();
        changes.add(states.get(1), states.get(2), true);
        assertThat(changes.isEmpty()).isTrue();
        assertThat(changes.poll()).isNull();
    }

    /** Of a stack of steps that is taken at once, some are polled, and then the watcher is closed. */
    @Test
    void whatWasTakenAndNotPolledIsNotKeptByAClosedQueue() {
        add(1);
        add(2);
        add(3);
        assertThat(queue.poll()).isNotNull();
        queue.close();
        assertThat(queue.poll()).isNull();
    }
}
