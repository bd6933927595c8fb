/**
 * The contract suites that every engine of a shared log passes: subclass them in the tests of yours.
 */
module dev.heartwood.log.testkit {
    requires dev.heartwood.json;
    requires java.logging;
    requires java.management;
    requires org.opentest4j;
    requires transitive dev.heartwood.log;
    requires transitive dev.heartwood.testkit;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports dev.heartwood.log.testkit;

    opens dev.heartwood.log.testkit; // JUnit calls package-private tests by reflection
}
