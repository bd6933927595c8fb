/**
 * Reads and writes the tree as JSON, and keeps it in a JSON file.
 */
module dev.heartwood.json {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.heartwood.core;
    requires jdk.jfr;
    requires static transitive org.jspecify;

    exports dev.heartwood.json;
}
