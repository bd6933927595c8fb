package dev.heartwood.file.commit;

import dev.heartwood.file.recovery.CrashHarness;

/** The contract suite on a journal. */
class JournalRootTest extends FileRootContract {
    JournalRootTest() {
        super(CrashHarness.settings(0));
    }
}
