package dev.heartwood.etcd;

import dev.heartwood.log.Reads;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogRootContract;

/** The contract of roots over the engine. */
class EtcdLocalReadsRootTest extends LogRootContract {
    EtcdLocalReadsRootTest() {
        super(Reads.LOCAL);
    }

    @Override
    protected SharedLog connect(String name) throws Exception {
        return EtcdEngine.shared(name);
    }
}
