/**
 * Reads and writes the tree as JSON: text, patches, mapping.
 */
module dev.heartwood.json {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive dev.heartwood.core;
    requires static transitive org.jspecify;

    exports dev.heartwood.json;

    provides com.fasterxml.jackson.databind.Module with
            dev.heartwood.json.HeartwoodModule;
}
