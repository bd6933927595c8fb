package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A commit that a stream and watchers are told of. In the middle of that, at one call of its code, another thread brings the
 * store to its end. Loaded with the instrumented library.
 */
final class EndOfStreamScenario implements BiFunction<Integer, String, List<String>>, Flow.Subscriber<Update> {
    private final Timeline timeline = new Timeline(0, Map.of("a", 0), Dialect.ANYTHING);
    private final Store store = Store.over(new MemoryRoot(timeline));
    private final List<@Nullable Object> streamed = values();
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());

    private static List<@Nullable Object> values() {
        return Collections.synchronizedList(new ArrayList<>());
    }

    /**
     * Runs it.
     *
     * @param number the number of the call; 0 for none
     * @param ending what the other thread does: "commit", "failure" and "close", in this order, those that it names
     * @return the calls
     */
    @Override
    public List<String> apply(Integer number, String ending) {
        store.publisher(KeyPath.of("a"), Runnable::run).subscribe(this);
        List<@Nullable Object> each = values();
        List<@Nullable Object> newest = values();
        List<@Nullable Object> derived = values();
        store.watch("a", Delivery.every(Runnable::run), update -> each.add(update.newValue()));
        store.watch("a", Delivery.latest(Runnable::run), update -> newest.add(update.newValue()));
        store.derive(view -> view.get("a")).watch(Delivery.latest(Runnable::run), (old, now) -> derived.add(now));
        PlantedErrors.runBefore(number, () -> Crew.elsewhere(() -> end(ending)));
        try {
            store.increment("a");
        } finally {
            PlantedErrors.dig();
        }
        if (number == 0) {
            end(ending);
        }

        long last = ending.contains("commit") ? 2 : 1;
        assertThat(streamed).as("the stream").last().isEqualTo(last);
        assertThat(ends).containsExactly(ending.contains("failure") ? "the disk is gone" : "complete");
        assertThat(each).as("every").containsExactlyElementsOf(last == 1 ? List.of(1L) : List.of(1L, 2L));
        assertThat(newest).as("latest").last().isEqualTo(last);
        assertThat(derived).as("derived").last().isEqualTo(last);
        return PlantedErrors.calls();
    }

    private void end(String ending) {
        if (ending.contains("commit")) {
            store.increment("a");
        }
        if (ending.contains("failure")) {
            timeline.fail(new StoreException("the disk is gone"));
        }
        if (ending.contains("close")) {
            store.close();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Update update) {
        assertThat(ends).as("the end before a change").isEmpty();
        streamed.add(update.newValue());
    }

    @Override
    public void onError(Throwable failure) {
        ends.add(failure.getMessage());
    }

    @Override
    public void onComplete() {
        ends.add("complete");
    }
}
