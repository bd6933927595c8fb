/**
 * A page on which one looks at a store and its history: as a file, and live.
 */
module dev.heartwood.inspector {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.history;
    requires dev.heartwood.json;
    requires jdk.httpserver;
    requires static transitive org.jspecify;

    exports dev.heartwood.inspector;
}
