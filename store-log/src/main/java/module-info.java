/**
 * Keeps the tree in a shared log, so that processes on several machines share it.
 */
module dev.heartwood.log {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.history;
    requires dev.heartwood.json;
    requires dev.heartwood.storage;
    requires static transitive org.jspecify;

    exports dev.heartwood.log;
    exports dev.heartwood.log.engine;

    uses dev.heartwood.log.LogEngine;
}
