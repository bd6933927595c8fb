/**
 * Keeps the tree in etcd, so that processes on several machines share it.
 */
module dev.heartwood.etcd {
    requires transitive dev.heartwood.core;
    requires dev.heartwood.json;
    requires transitive dev.heartwood.log;
    requires java.net.http;
    requires static transitive org.jspecify;

    exports dev.heartwood.etcd;

    provides dev.heartwood.log.LogEngine with
            dev.heartwood.etcd.engine.EtcdLogEngine;
}
