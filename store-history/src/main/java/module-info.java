/** Keeps past states of a store, with the author, time and reason of each commit.
 */
module dev.heartwood.history {
    requires transitive dev.heartwood.core;
    requires dev.heartwood.json;
    requires static transitive org.jspecify;

    exports dev.heartwood.history;

    uses dev.heartwood.history.HistorySource;
}
