package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InspectorOptionsTest {
    /** A page must not show what the given history leaves out because the port was chosen after it. */
    @Test
    void eachOptionKeepsTheOthersWhicheverIsSetLast() {
        try (Store store = Store.create();
                History history = History.of(store)) {
            List<UnaryOperator<InspectorOptions>> all = List.of(
                    options -> options.port(1),
                    options -> options.title("two"),
                    options -> options.keep(3),
                    options -> options.pages(4),
                    options -> options.writable(),
                    options -> options.history(history),
                    options -> options.stall(Duration.ofSeconds(7)));
            for (UnaryOperator<InspectorOptions> last : all) {
                InspectorOptions options = Inspector.options();
                for (UnaryOperator<InspectorOptions> option : all) {
                    options = option.apply(options);
                }
                options = last.apply(options);

                assertThat(options.port()).isEqualTo(1);
                assertThat(options.title()).isEqualTo("two");
                assertThat(options.keep()).isEqualTo(3);
                assertThat(options.pages()).isEqualTo(4);
                assertThat(options.isWritable()).isTrue();
                assertThat(options.history()).isSameAs(history);
                assertThat(options.stall()).isEqualTo(Duration.ofSeconds(7));
            }
        }
    }

    @Test
    void valuesThatMeanNothingAreRefused() {
        InspectorOptions options = Inspector.options();
        List<ThrowingCallable> refused = List.of(
                () -> options.port(-1),
                () -> options.port(65_536),
                () -> options.keep(0),
                () -> options.pages(0),
                () -> options.writable().of(History.of(Store.create())));

        for (ThrowingCallable call : refused) {
            assertThatThrownBy(call).isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
        }
    }
}
