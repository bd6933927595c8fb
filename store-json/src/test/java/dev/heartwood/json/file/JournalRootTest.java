package dev.heartwood.json.file;

/** The contract suite on a journal. */
class JournalRootTest extends FileRootContract {
    JournalRootTest() {
        super(CrashHarness.settings(0));
    }
}
