package dev.heartwood.log;

import dev.heartwood.storage.NanoClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves while somebody pauses, or when a test says so. */
final class JumpingClock implements NanoClock {
    private final AtomicLong now = new AtomicLong();

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Override
    public long nanoTime() {
        return now.get();
    }

    /** A thread that waits for another one until that wakes it does so in earnest. */
    @Override
    public void pause(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            SYSTEM.pause(nanos);
        } else {
            now.addAndGet(nanos);
        }
    }
}
