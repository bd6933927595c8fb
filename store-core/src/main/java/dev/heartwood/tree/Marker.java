package dev.heartwood.tree;

/**
 * Stands for something that is no value, where a value could stand: nothing at all, for one. No tree holds a marker; the
 * door refuses each.
 */
public final class Marker {
    private final String name;

    /** A marker that is equal to itself alone. */
    public Marker(String name) {
        this.name = name;
    }

    /** The name, for messages. */
    @Override
    public String toString() {
        return name;
    }
}
