/**
 * Stores as parameters of JUnit tests.
 */
module dev.heartwood.junit {
    requires transitive dev.heartwood.core;
    requires transitive dev.heartwood.history;
    requires dev.heartwood.inspector;
    requires dev.heartwood.json;
    requires static transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;
    requires org.opentest4j;

    exports dev.heartwood.junit;
}
