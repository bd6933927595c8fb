package dev.heartwood.file.commit;

import dev.heartwood.file.context.Settings;
import dev.heartwood.file.recovery.CrashHarness;
import java.time.Duration;

/** The contract suite where callers do not wait for the disk. */
class IntervalRootTest extends FileRootContract {
    IntervalRootTest() {
        super(CrashHarness.settings(0).with(Settings.Mode.INTERVAL, Duration.ofMillis(5)));
    }
}
