/**
 * The types of Heartwood for Jackson 3.
 */
@SuppressWarnings("module") // the digit at the end of its name: the number of the version that it is for
module dev.heartwood.jackson3 {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.json;
    requires transitive tools.jackson.databind;
    requires static transitive org.jspecify;

    exports dev.heartwood.jackson3;

    provides tools.jackson.databind.JacksonModule with
            dev.heartwood.jackson3.HeartwoodModule;
}
