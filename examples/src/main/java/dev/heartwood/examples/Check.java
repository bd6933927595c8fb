package dev.heartwood.examples;

/** One sum that must be right in the end. */
record Check(String claim, Object expected, Object actual) {
    boolean holds() {
        return expected.equals(actual);
    }
}
