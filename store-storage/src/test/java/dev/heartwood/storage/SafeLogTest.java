package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SafeLogTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void whatIsLoggedIsThere() {
        SafeLog.log(new Failing(null), Level.WARNING, "it failed {0}", new IllegalStateException("why"));
        assertThat(lines).containsExactly("WARNING it failed {0} why");
    }

    @Test
    void aLogThatFailsFailsNothingElse() {
        SafeLog.log(new Failing(new IllegalStateException("no room")), Level.WARNING, "it failed", null);
        SafeLog.log(new Failing(new NoClassDefFoundError("no descriptor")), Level.WARNING, "it failed", null);
        assertThat(lines).hasSize(2);
    }

    private final class Failing implements Logger {
        private final @Nullable Throwable failure;

        Failing(@Nullable Throwable failure) {
            this.failure = failure;
        }

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable cause) {
            lines.add(level + " " + message + (cause == null ? "" : " " + cause.getMessage()));
            if (failure instanceof Error error) {
                throw error;
            } else if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {
            throw new UnsupportedOperationException();
        }
    }
}
