package dev.heartwood.etcd;

import dev.heartwood.log.testkit.ClusterFaultsContract;

class EtcdClusterFaultsTest extends ClusterFaultsContract {
    EtcdClusterFaultsTest() {
        super(new EtcdEngine());
    }
}
