package dev.heartwood.etcd;

import dev.heartwood.Store;
import dev.heartwood.log.engine.EngineSettings;
import java.net.URI;

/**
 * Opens a tree that lives in etcd (3.4 or later), so that processes on several machines share it.
 *
 * <p>A commit is one transaction of etcd, which appends to a log, and returns when a majority of etcd's members has it on
 * disk. Many trees stand beside each other in one cluster, each under its name. The promises are those of
 * {@link dev.heartwood.log.LogStore}.
 */
public final class EtcdStore {
    private EtcdStore() {}

    /**
     * Opens the tree of a name, made where there is none, with the default {@link EtcdOptions}.
     *
     * @param endpoint a member of the cluster, such as {@code http://127.0.0.1:2379};
     *     {@link EtcdOptions#open(java.util.List, String)} takes several
     * @param tree the name of the tree, 1 to 200 characters
     * @throws dev.heartwood.StoreIOException if etcd does not answer before the deadline, or refuses
     * @throws IllegalArgumentException if the endpoint or the name is not of this form
     */
    public static Store open(URI endpoint, String tree) {
        return options().open(endpoint, tree);
    }

    /** The default options of a store; each default stands with its method in {@link EtcdOptions}. */
    public static EtcdOptions options() {
        return new EtcdOptions(EngineSettings.DEFAULT);
    }
}
