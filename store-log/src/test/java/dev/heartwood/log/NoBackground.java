package dev.heartwood.log;

import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The tasks in the background never run: the test calls the follower itself. */
record NoBackground(Function<String, ExecutorService> listeners) implements Wiring.Threads {
    @Override
    public ExecutorService listeners(String name) {
        return listeners.apply(name);
    }

    @Override
    public Wiring.Background background(String name, LongSupplier task) {
        return new Wiring.Background() {
            @Override
            public void wake() {}

            @Override
            public void stop() {}
        };
    }
}
