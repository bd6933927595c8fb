package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.log.InMemoryLog;
import dev.heartwood.log.SharedLog;
import org.junit.jupiter.api.Test;

class InMemoryLogTest extends LogContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    @Override
    protected SharedLog connect(String name) {
        return logs.connect(name);
    }

    @Test
    void aValueHasAtLeastAThousandBytes() {
        assertThat(new InMemoryLog(1_000).connect().largestValue()).isEqualTo(1_000);
        assertThatThrownBy(() -> new InMemoryLog(999)).isInstanceOf(IllegalArgumentException.class);
    }
}
