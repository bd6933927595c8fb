package dev.heartwood.testkit;

/** Temp. */
public final class Placeholder {
    private Placeholder() {}
}
