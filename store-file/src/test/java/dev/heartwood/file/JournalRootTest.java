package dev.heartwood.file;

/** The contract suite on a journal. */
class JournalRootTest extends FileRootContract {
    JournalRootTest() {
        super(CrashHarness.settings(0));
    }
}
