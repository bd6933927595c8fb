package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.storage.NanoClock;
import java.sql.DriverManager;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a connection waits for one that holds the database: SQLite asks again as long as the answer is not zero. */
class BusyBackoffTest {
    private static final long PAST_A_HURRY = Duration.ofMillis(60).toNanos();

    @Test
    void withoutATimeNothingIsWaitedFor() {
        assertThat(new BusyBackoff(Duration.ZERO).callback(0)).isZero();
    }

    @Test
    void theWaitLastsUntilTheTimeout() {
        BusyBackoff wait = new BusyBackoff(Duration.ofSeconds(100));
        assertThat(wait.callback(0)).isNotZero();
        NanoClock.SYSTEM.pause(PAST_A_HURRY);
        assertThat(wait.callback(1)).isNotZero();
    }

    @Test
    void aWaitThatIsHurriedEndsSoonAndTheNextOneIsNot() {
        BusyBackoff wait = new BusyBackoff(Duration.ofSeconds(100));
        wait.hurry(true);
        assertThat(wait.callback(0)).isNotZero();
        NanoClock.SYSTEM.pause(PAST_A_HURRY);
        assertThat(wait.callback(1)).isZero();

        wait.hurry(false);

        assertThat(wait.callback(0)).isNotZero();
        NanoClock.SYSTEM.pause(PAST_A_HURRY);
        assertThat(wait.callback(1)).isNotZero();
    }

    /** While a long reader keeps the log from beginning anew; a commit has its own timeout afterwards. */
    @Test
    void onlyTheWaitForALogThatBeginsAnewIsHurried() throws Exception {
        BusyBackoff wait = new BusyBackoff(Duration.ofSeconds(100));
        try (SqliteConnection session =
                new SqliteConnection(DriverManager.getConnection("jdbc:sqlite::memory:"), wait)) {
            boolean ignored = session.beginLogAnew();
        }
        assertThat(wait.callback(0)).isNotZero();
        NanoClock.SYSTEM.pause(PAST_A_HURRY);
        assertThat(wait.callback(1)).isNotZero();
    }
}
