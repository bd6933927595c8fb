package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureHandlersTest {
    /** As where a handler of the log needs a file, and no descriptor is left. */
    private static final class Unloggable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public void printStackTrace(PrintWriter to) {
            throw new NoClassDefFoundError("in a handler of the log");
        }
    }

    @Test
    void aFailureOfAHandlerThatCannotBeLoggedKeepsNobodyFromHearingOfACommit() {
        Store store = Store.options()
                .failureHandler(failure -> {
                    throw new Unloggable();
                })
                .create();
        List<Object> heard = new ArrayList<>();
        store.batch(tx -> {
            tx.put("n", 1);
            tx.afterCommit(() -> {
                throw new IllegalStateException("an action fails");
            });
            tx.afterCommit(() -> heard.add("the next"));
        });
        assertThat(store.get("n")).isEqualTo(1L);
        assertThat(heard).containsExactly("the next");
    }
}
