package dev.heartwood;

/** In which way a batch looked at a node, and so what must still be so for the batch to hold. */
enum ReadKind {
    /** The value: the same reference, or an equal leaf. */
    VALUE(1),
    /** Whether something is there. */
    PRESENCE(2),
    /** How many children there are, of which kind of container. */
    SIZE(4),
    /** Which keys are there. */
    KEYS(8),
    /** Whether it is a map, a list, a leaf, or nothing. */
    KIND(16);

    private final int bit;

    ReadKind(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }
}
