package dev.heartwood.log.testkit;

import dev.heartwood.log.Reads;

class LocalReadsRootTest extends LogRootContract {
    LocalReadsRootTest() {
        super(Reads.LOCAL);
    }

    @Override
    public boolean plainReadsAreFresh() {
        return false;
    }
}
