package dev.heartwood.etcd.engine;

import dev.heartwood.etcd.EtcdStore;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.engine.AddressedEngine;

/** Makes the addresses of etcd known to {@link LogAddress#connect()}. */
public final class EtcdLogEngine extends AddressedEngine {
    /** For {@link java.util.ServiceLoader}. */
    public EtcdLogEngine() {
        super("http://host:2379 (etcd)", "http://", "https://");
    }

    @Override
    public SharedLog connect(LogAddress address) {
        return EtcdStore.options().of(address).connect(address.uris(), address.tree());
    }
}
