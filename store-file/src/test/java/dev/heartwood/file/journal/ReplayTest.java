package dev.heartwood.file.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal is read line by line, and a waiting opener learns of the progress. */
class ReplayTest {
    @Test
    void aLongRecoveryTellsEverySecondHowFarItIs(@TempDir Path directory) throws IOException {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        long commits = LongJournal.write(place.file(), 100_000);
        List<String> told = new ArrayList<>();
        AtomicLong clock = new AtomicLong();
        Disk disk = new RealDisk();
        Replay replay = new Replay(
                new StoreContext(disk, place, CrashHarness.FORMAT, Settings.DEFAULT, (kind, message, kept, cause) -> {
                    assertThat(kind).isEqualTo(Reporter.Kind.PROGRESS);
                    told.add(message);
                }),
                () -> clock.addAndGet(10_000_000));
        JournalScan scan = JournalScan.of(disk, place.journal(1), 1);
        assertThat(replay.of(scan, HashMap.empty()).size()).isEqualTo((int) Math.min(commits, LongJournal.KEYS));
        // A hundred lines take a second of this clock.
        assertThat(told).hasSize((int) (commits / 101));
        assertThat(told.get(0)).contains("opening " + place, "101 of " + commits + " commits", " % of " + scan.size());
    }
}
