package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer thread sleeps while there is nothing to do, and never beside a commit. */
@Timeout(60)
class WriterRestTest {
    private final WriterRest rest = new WriterRest();
    private final AtomicBoolean pending = new AtomicBoolean();

    /** The commit comes after the look has missed it, at the last moment before the thread sleeps. */
    @Test
    void aCommitJustAfterTheLookWakesTheWriter() {
        AtomicInteger looks = new AtomicInteger();
        while (!pending.get()) {
            rest.rest(
                    () -> {
                        looks.incrementAndGet();
                        commitElsewhere();
                        return false;
                    },
                    Long.MAX_VALUE);
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void aCommitBeforeTheLookKeepsTheWriterAwake() {
        commit();
        rest.rest(pending::get, Long.MAX_VALUE);
        assertThat(pending).isTrue();
    }

    @Test
    void aCommitWakesASleepingWriter() throws Exception {
        Thread writer = new Thread(() -> {
            while (!pending.get()) {
                rest.rest(pending::get, Long.MAX_VALUE);
            }
        });
        writer.start();
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        commit();
        writer.join();
    }

    @Test
    void aRestEndsByItselfWhenItsTimeIsOver() {
        AtomicInteger looks = new AtomicInteger();
        rest.rest(() -> looks.incrementAndGet() == 0, TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(looks).hasValue(1);
    }

    /** Waits without a park, which would take the wake-up that is meant for the rest. */
    private void commitElsewhere() {
        Thread committer = new Thread(this::commit);
        committer.start();
        while (committer.isAlive()) {
            Thread.onSpinWait();
        }
    }

    private void commit() {
        pending.set(true);
        rest.wake();
    }
}
