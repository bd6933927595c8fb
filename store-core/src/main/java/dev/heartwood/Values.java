package dev.heartwood;

import org.jspecify.annotations.Nullable;

/** Values outside a store, in the form in which every tree holds them. */
public final class Values {
    private Values() {}

    /**
     * The value as a tree in memory would hold it at its root: maps as Vavr hash maps, sequences as Vavr vectors,
     * numbers in their one form, all the way down. A value that the library made is given back as it is; a snapshot is
     * its tree. So a writer of some format need know only these forms.
     *
     * @throws UnsupportedValueException if no tree can hold it; its path starts at the value
     */
    public static @Nullable Object freeze(@Nullable Object value) {
        return Freeze.shown(value);
    }
}
