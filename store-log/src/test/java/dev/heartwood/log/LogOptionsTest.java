package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LogOptionsTest {
    /** Each with a value of its own. */
    private static final List<UnaryOperator<LogOptions>> ALL = List.of(
            options -> options.reads(Reads.FRESH),
            options -> options.deadline(Duration.ofSeconds(2)),
            options -> options.pollInterval(Duration.ofSeconds(3)),
            options -> options.checkpointEvery(4),
            options -> options.keepEntries(5),
            options -> options.rememberWriters(6),
            options -> options.compressCheckpointsAbove(7));

    @Test
    void eachOptionKeepsTheOthersWhicheverIsSetLast() {
        for (UnaryOperator<LogOptions> last : ALL) {
            LogOptions options = LogStore.options();
            for (UnaryOperator<LogOptions> option : ALL) {
                options = option.apply(options);
            }
            options = last.apply(options);

            assertThat(options.reads()).isEqualTo(Reads.FRESH);
            assertThat(options.deadline()).isEqualTo(Duration.ofSeconds(2));
            assertThat(options.pollInterval()).isEqualTo(Duration.ofSeconds(3));
            assertThat(options.checkpointEvery()).isEqualTo(4);
            assertThat(options.keepEntries()).isEqualTo(5);
            assertThat(options.rememberWriters()).isEqualTo(6);
            assertThat(options.compressCheckpointsAbove()).isEqualTo(7);
        }
    }

    @Test
    void valuesThatMeanNothingAreRefused() {
        LogOptions options = LogStore.options();
        List<ThrowingCallable> refused = List.of(
                () -> options.deadline(Duration.ZERO),
                () -> options.deadline(Duration.ofNanos(-1)),
                () -> options.pollInterval(Duration.ZERO),
                () -> options.pollInterval(Duration.ofNanos(-1)),
                () -> options.checkpointEvery(-1),
                () -> options.keepEntries(-1),
                () -> options.rememberWriters(-1),
                () -> options.compressCheckpointsAbove(-1));

        assertThat(refused).allSatisfy(call -> assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class));
        assertThat(options.checkpointEvery(0).checkpointEvery()).isZero();
        assertThat(options.keepEntries(0).keepEntries()).isZero();
    }
}
