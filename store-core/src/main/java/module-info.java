/**
 * An immutable tree behind one atomic reference: the values, and the store that holds them.
 */
@SuppressWarnings("module") // the storage modules named below are built after this one
module dev.heartwood.core {
    requires transitive io.vavr;
    requires jdk.jfr;
    requires static transitive org.jspecify;

    exports dev.heartwood;
    exports dev.heartwood.tree to
            dev.heartwood.json,
            dev.heartwood.history,
            dev.heartwood.inspector,
            dev.heartwood.storage,
            dev.heartwood.file,
            dev.heartwood.log,
            dev.heartwood.etcd,
            dev.heartwood.postgres,
            dev.heartwood.redis,
            dev.heartwood.sqlite,
            dev.heartwood.cli;
}
