package dev.heartwood.log.testkit;

import dev.heartwood.log.Reads;

class FreshReadsRootTest extends LogRootContract {
    FreshReadsRootTest() {
        super(Reads.FRESH);
    }
}
