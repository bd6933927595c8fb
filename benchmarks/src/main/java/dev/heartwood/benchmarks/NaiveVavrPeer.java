package dev.heartwood.benchmarks;

import io.vavr.collection.HashMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The obvious ten lines: {@code updateAndGet} on an immutable tree. */
final class NaiveVavrPeer extends BareVavrPeer {
    private final AtomicReference<HashMap<String, Object>> shared;

    NaiveVavrPeer(Shape shape) {
        super(shape);
        this.shared = new AtomicReference<>(root());
    }

    @Override
    public long get(int path) {
        return get(Objects.requireNonNull(shared.get()), paths[path]);
    }

    @Override
    public Object snapshot() {
        return Objects.requireNonNull(shared.get());
    }

    @Override
    public long update(int path) {
        return shared.updateAndGet(root -> update(root, paths[path], 0)) == null ? 0 : 1;
    }
}
