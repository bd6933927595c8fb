package dev.heartwood.spring.boot;

import dev.heartwood.Store;
import dev.heartwood.etcd.EtcdOptions;
import dev.heartwood.etcd.EtcdStore;

/** Apart, so that its classes are looked for only where the properties ask for them. */
final class EtcdOpening {
    private EtcdOpening() {}

    static Store open(StoreOpening opening) {
        ServerProperties server = opening.server();
        EtcdOptions options = opening.with(EtcdOptions.class, EtcdStore.options(), EtcdOptions::store);
        options = server.hasUser() ? options.user(server.user(), server.password()) : options;
        return options.open(server.addresses(), server.tree());
    }
}
