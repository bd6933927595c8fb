/**
 * Keeps the tree in a JSON file that people can read.
 */
module dev.heartwood.file {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.json;
    requires transitive dev.heartwood.history;
    requires dev.heartwood.storage;
    requires jdk.jfr;
    requires static transitive org.jspecify;

    exports dev.heartwood.file;

    provides dev.heartwood.history.HistorySource with
            dev.heartwood.file.JsonFileHistory;
}
