package dev.heartwood.etcd;

import dev.heartwood.log.testkit.LogFaultsContract;

class EtcdFaultsTest extends LogFaultsContract {
    EtcdFaultsTest() {
        super(new EtcdEngine());
    }
}
