package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Durations as people write them. */
class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT20S, 20 s",
        "PT0.005S, 5 ms",
        "PT0.0125S, 12.5 ms",
        "PT0.000001S, 1 µs",
        "PT0.00000025S, 250 ns",
        "PT0.0000015S, 1.5 µs",
        "PT1.5S, 1.5 s",
        "PT1.000000001S, 1.000000001 s",
        "PT90S, 1 min 30 s",
        "PT1H, 1 h",
        "PT48H, 2 d",
        "PT25H0.25S, 1 d 1 h 0.25 s",
        "PT-5S, -5 s",
        "PT-0.005S, -5 ms",
    })
    void aDurationIsSaidInWords(Duration duration, String words) {
        assertThat(DurationText.of(duration)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 106751991167300 d 15 h 30 min 7 s", "-9223372036854775808, a negative time"})
    void theLongestHaveWordsToo(long seconds, String words) {
        assertThat(DurationText.of(Duration.ofSeconds(seconds))).isEqualTo(words);
    }
}
