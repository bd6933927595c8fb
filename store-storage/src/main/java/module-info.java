/**
 * The parts that durable and shared roots have in common. For the modules named here, not for users.
 */
@SuppressWarnings("module") // the modules named below are built after this one
module dev.heartwood.storage {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.json;
    requires jdk.jfr;
    requires static transitive org.jspecify;

    exports dev.heartwood.storage to
            dev.heartwood.etcd,
            dev.heartwood.file,
            dev.heartwood.log,
            dev.heartwood.redis,
            dev.heartwood.sqlite;
}
