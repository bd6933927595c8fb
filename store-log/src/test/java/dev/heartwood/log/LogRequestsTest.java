package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.storage.NanoClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A log that does not answer is asked again until the deadline, with pauses that stay short. */
class LogRequestsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final List<Long> pauses = new ArrayList<>();
    private boolean closed;

    /** A clock that moves only during pauses. */
    private final NanoClock clock = new NanoClock() {
        private long now;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void pause(long nanos) {
            pauses.add(nanos);
            now += nanos;
        }
    };

    private final LogRequests requests = new LogRequests(clock, new Random(1), DEADLINE, () -> closed);

    @Test
    void theDeadlineEndsTheTriesAndThePausesStayShort() {
        assertThatThrownBy(() -> requests.ask(this::unavailable))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("has not answered for 20 s");
        assertThat(pauses)
                .allSatisfy(pause -> assertThat(Duration.ofNanos(pause)).isLessThan(Duration.ofMillis(200)));
        long all = pauses.stream().mapToLong(Long::longValue).sum();
        assertThat(Duration.ofNanos(all)).isBetween(DEADLINE, DEADLINE.plusMillis(200));
    }

    @Test
    void aStoreThatIsClosedAsksNoMore() {
        closed = true;
        assertThatThrownBy(() -> requests.ask(this::unavailable)).isInstanceOf(StoreClosedException.class);
        assertThat(pauses).isEmpty();
    }

    /** The end of the store closes the connection, which refuses requests from then on. */
    @Test
    void aRequestThatTheEndOfTheStoreComesIntoSaysThatTheStoreIsClosed() {
        LogRequests.Request<String> refused = () -> {
            closed = true;
            throw new LogException.Refused("this connection is closed", null);
        };
        assertThatThrownBy(() -> requests.ask(refused)).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void anAnswerAfterSomeTriesIsTheAnswer() {
        assertThat(requests.<String>ask(() -> pauses.size() < 5 ? unavailable() : "here"))
                .isEqualTo("here");
    }

    @Test
    void aRefusalIsNotAskedForAgain() {
        assertThatThrownBy(() -> requests.ask(() -> {
                    throw new LogException.Refused("no right", null);
                }))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("no right");
        assertThat(pauses).isEmpty();
    }

    @Test
    void aPartIsStoredAgainUntilTheLogHasIt() throws Exception {
        SharedLog log = new InMemoryLog().connect();

        requests.partWriter(failing(log, 2)).put("part", "text");

        assertThat(log.get("part")).isEqualTo("text");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void aPartIsGivenUpAtTheDeadlineAndWhereItsStoreIsClosed() {
        SharedLog puts = failing(new InMemoryLog().connect(), Integer.MAX_VALUE);
        assertThatThrownBy(() -> requests.partWriter(puts).put("part", "text"))
                .isInstanceOf(LogException.Unavailable.class);
        assertThat(Duration.ofNanos(pauses.stream().mapToLong(Long::longValue).sum()))
                .isBetween(DEADLINE, DEADLINE.plusMillis(200));
        pauses.clear();
        closed = true;
        assertThatThrownBy(() -> requests.partWriter(puts).put("part", "text"))
                .isInstanceOf(LogException.Unavailable.class);
        assertThat(pauses).isEmpty();
    }

    /** A log that answers so many requests to store a part with a failure. */
    private static SharedLog failing(SharedLog log, int failures) {
        AtomicInteger left = new AtomicInteger(failures);
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("put") && left.getAndDecrement() > 0) {
                        throw new LogException.Unavailable("no route", null);
                    }
                    return method.invoke(log, arguments);
                });
    }

    private String unavailable() throws LogException.Unavailable {
        throw new LogException.Unavailable("no route", null);
    }
}
