package dev.heartwood.etcd.engine;

import dev.heartwood.etcd.EtcdOptions;
import dev.heartwood.etcd.EtcdStore;
import dev.heartwood.log.LogAddress;
import dev.heartwood.log.LogEngine;
import dev.heartwood.log.SharedLog;

/** Makes the addresses of etcd known to {@link LogAddress#connect()}. */
public final class EtcdLogEngine implements LogEngine {
    @Override
    public String form() {
        return "http://host:2379 (etcd)";
    }

    @Override
    public boolean accepts(String server) {
        return server.startsWith("http://") || server.startsWith("https://");
    }

    @Override
    public SharedLog connect(LogAddress address) {
        EtcdOptions options = EtcdStore.options().createIfMissing(address.createIfMissing());
        options = address.user().isPresent() ? options.user(address.user().get(), address::password) : options;
        options = address.authorities().isPresent()
                ? options.tls(address.authorities().get())
                : options;
        return options.connect(address.uris(), address.tree());
    }
}
