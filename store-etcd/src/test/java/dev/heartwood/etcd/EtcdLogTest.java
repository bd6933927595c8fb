package dev.heartwood.etcd;

import dev.heartwood.log.SharedLog;
import dev.heartwood.log.testkit.LogContract;

class EtcdLogTest extends LogContract {
    @Override
    protected SharedLog connect(String name) throws Exception {
        return EtcdEngine.shared(name);
    }
}
