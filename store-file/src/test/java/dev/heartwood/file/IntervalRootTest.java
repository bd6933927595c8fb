package dev.heartwood.file;

import java.time.Duration;

/** The contract suite where callers do not wait for the disk. */
class IntervalRootTest extends FileRootContract {
    IntervalRootTest() {
        super(CrashHarness.settings(0).with(Settings.Mode.INTERVAL, Duration.ofMillis(5)));
    }
}
