package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.util.Objects;
import java.util.stream.IntStream;

/** This library, every guard on. */
final class HeartwoodPeer implements Peer {
    private final Store store;
    private final KeyPath[] paths;

    HeartwoodPeer(Shape shape) {
        this.store = Store.of(shape.tree());
        this.paths = IntStream.range(0, Shape.COUNTERS)
                .mapToObj(path -> KeyPath.of(shape.keys(path)))
                .toArray(KeyPath[]::new);
    }

    @Override
    public long get(int path) {
        return (Long) Objects.requireNonNull(store.get(paths[path]));
    }

    @Override
    public long update(int path) {
        return (Long)
                Objects.requireNonNull(store.update(paths[path], value -> (Long) Objects.requireNonNull(value) + 1));
    }

    @Override
    public Object snapshot() {
        return store.snapshot();
    }
}
