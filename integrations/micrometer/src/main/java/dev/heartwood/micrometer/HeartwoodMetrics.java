package dev.heartwood.micrometer;

import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Meters of a store, each with the tag {@code store}.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>type</th><th>meaning</th></tr>
 *   <tr><td>{@code heartwood.version}</td><td>gauge</td><td>the version of the newest state</td></tr>
 *   <tr><td>{@code heartwood.commits}</td><td>counter</td><td>versions since the meters were made, those of other processes
 *       included</td></tr>
 *   <tr><td>{@code heartwood.races.lost}</td><td>counter</td><td>commits of this process that were put onto a newer state
 *       because another one was first</td></tr>
 *   <tr><td>{@code heartwood.runs.repeated}</td><td>counter</td><td>functions of this process that ran again because
 *       something that they had read was changed</td></tr>
 *   <tr><td>{@code heartwood.watched}</td><td>gauge</td><td>places that are watched or waited for</td></tr>
 *   <tr><td>{@code heartwood.size}</td><td>gauge</td><td>keys of the top level</td></tr>
 *   <tr><td>{@code heartwood.undecided}</td><td>gauge</td><td>versions that were accepted and are not yet durable</td></tr>
 * </table>
 *
 * <p>A commit pays nothing for them: the values are read when the registry asks. Once the store is closed, or cannot be
 * read, gauges are NaN and counters keep their last value. The registry holds the store weakly.
 */
public final class HeartwoodMetrics implements MeterBinder {
    private final Store store;
    private final Tags tags;
    private final long firstVersion;

    private HeartwoodMetrics(Store store, Tags tags) {
        this.store = store;
        this.tags = tags;
        this.firstVersion = store.version();
    }

    /** Meters of this store, under this name. */
    public static HeartwoodMetrics of(Store store, String name) {
        return new HeartwoodMetrics(store, Tags.of(Tag.of("store", Objects.requireNonNull(name))));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "heartwood.version", "Version of the newest state", Store::version);
        gauge(registry, "heartwood.size", "Keys of the top level", Store::size);
        gauge(
                registry,
                "heartwood.watched",
                "Places at which somebody watches or waits",
                of(StoreStatistics::watchedPlaces));
        gauge(registry, "heartwood.undecided", "Versions accepted and not yet durable", of(StoreStatistics::undecided));
        long first = firstVersion; // not this: the registry would keep the store
        counter(registry, "heartwood.commits", "Commits of all processes", s -> s.version() - first);
        counter(registry, "heartwood.races.lost", "Commits put onto a newer state", of(StoreStatistics::lostRaces));
        counter(registry, "heartwood.runs.repeated", "Functions that ran again", of(StoreStatistics::repeatedRuns));
    }

    private static ToLongFunction<Store> of(ToLongFunction<StoreStatistics> figure) {
        return store -> figure.applyAsLong(store.statistics());
    }

    private void gauge(MeterRegistry registry, String name, String description, ToLongFunction<Store> figure) {
        Gauge.builder(name, store, orElse(Double.NaN, figure))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** A counter that cannot be read shows its last value. */
    private void counter(MeterRegistry registry, String name, String description, ToLongFunction<Store> figure) {
        FunctionCounter.builder(name, store, new LastKnown(figure))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static ToDoubleFunction<Store> orElse(double otherwise, ToLongFunction<Store> figure) {
        return store -> {
            try {
                return figure.applyAsLong(store);
            } catch (StoreClosedException | StoreException e) {
                return otherwise;
            }
        };
    }

    private static final class LastKnown implements ToDoubleFunction<Store> {
        private final ToLongFunction<Store> figure;
        private volatile double last;

        LastKnown(ToLongFunction<Store> figure) {
            this.figure = figure;
        }

        @Override
        public double applyAsDouble(Store store) {
            double now = orElse(last, figure).applyAsDouble(store);
            last = now;
            return now;
        }
    }
}
