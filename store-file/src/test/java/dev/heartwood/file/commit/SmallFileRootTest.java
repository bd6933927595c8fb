package dev.heartwood.file.commit;

import dev.heartwood.file.recovery.CrashHarness;

/** The contract suite on a file that is written at each commit. */
class SmallFileRootTest extends FileRootContract {
    SmallFileRootTest() {
        super(CrashHarness.settings(1 << 16));
    }
}
