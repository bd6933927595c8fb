package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.PathPattern;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HistoryOptionsTest {
    private static final PathPattern ACCOUNTS = PathPattern.parse("/accounts/**");
    private static final PathPattern PASSWORDS = PathPattern.parse("/accounts/*/password");

    /** A bound that is set later must not bring back the values that an earlier call has left out. */
    @Test
    void eachOptionKeepsTheOthersWhicheverIsSetLast() {
        List<UnaryOperator<HistoryOptions>> all = List.of(
                options -> options.keep(2),
                options -> options.keep(Duration.ofHours(3)),
                options -> options.bytes(4),
                options -> options.only(ACCOUNTS),
                options -> options.redact(PASSWORDS));
        for (UnaryOperator<HistoryOptions> last : all) {
            HistoryOptions options = History.options();
            for (UnaryOperator<HistoryOptions> option : all) {
                options = option.apply(options);
            }
            options = last.apply(options);

            assertThat(options.commits()).isEqualTo(2);
            assertThat(options.commitsOfCopy()).isEqualTo(2);
            assertThat(options.time()).isEqualTo(Duration.ofHours(3));
            assertThat(options.bytes()).isEqualTo(4);
            assertThat(options.places().only()).contains(ACCOUNTS);
            assertThat(options.places().redacted()).contains(PASSWORDS);
        }
    }

    @Test
    void beyondTheOtherBoundsAMillionCommitsAreKeptAndWithoutThemTenThousand() {
        assertThat(History.options().commits()).isEqualTo(10_000);
        assertThat(History.options().keep(Duration.ofHours(3)).commits()).isEqualTo(1_000_000);
        assertThat(History.options().bytes(4).commits()).isEqualTo(1_000_000);
        assertThat(History.options().bytes(4).keep(5).commits()).isEqualTo(5);
    }
}
