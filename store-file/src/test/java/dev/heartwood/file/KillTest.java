package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9}, again and again, of a process whose threads write and report each acknowledgement. */
class KillTest {
    /** 20 rounds in all; 300 with {@code -Dheartwood.long=true}. Beside every second one backups are made. */
    private static final int ROUNDS = Boolean.getBoolean("heartwood.long") ? 150 : 10;

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void aKilledProcessLosesNothingThatItAcknowledged(long journalAbove, @TempDir Path directory)
            throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path file = directory.resolve("state.json");
        int acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Child child = Child.start(List.of(), file, journalAbove, 4, Integer.MAX_VALUE);
            child.awaitLines("ack ", 1 + random.nextInt(60));
            if (round % 2 == 1) {
                Map<String, Long> before = child.acknowledged();
                Path backup = directory.resolve("backup-" + round + ".json");
                JsonFile.backup(file, backup);
                child.awaitLines("ack ", child.lines("ack ").size() + 1);
                child.check(backup, journalAbove, before);
            }
            child.kill();
            acknowledged += child.lines("ack ").size();
            child.check(file, journalAbove);
        }
        System.out.println("kill -9, journal above " + journalAbove + ": " + ROUNDS + " rounds, " + acknowledged
                + " commits acknowledged, seed " + seed);
    }

    @Test
    void aSecondProcessIsRefusedAndTheFirstIsNamed(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("state.json");
        Child child = Child.start(List.of(), file, 1 << 16, 1, Integer.MAX_VALUE);
        child.awaitLines("ack ", 1);
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("open in another process", "process " + child.id(), "since");
        child.awaitLines("ack ", child.lines("ack ").size() + 5);
        child.kill();
        child.check(file, 1 << 16);
    }
}
