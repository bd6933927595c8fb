/**
 * The contract suite that every root passes: subclass it in the tests of yours.
 */
module dev.heartwood.testkit {
    requires transitive dev.heartwood.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports dev.heartwood.testkit;

    opens dev.heartwood.testkit; // JUnit calls package-private tests by reflection
}
