package dev.heartwood.log;

import dev.heartwood.log.LogException.Refused;

/** The checks that engines make of the values that they are given. */
public final class LogValues {
    private LogValues() {}

    /**
     * Refuses a value before it is sent.
     *
     * @param most how many bytes in UTF-8 it may have: {@link SharedLog#largestValue}
     * @throws Refused if it has more
     */
    public static void requireRoom(String value, int most) throws Refused {
        // A character is one byte at least, and counting makes no copy.
        if (value.length() > most || StagedText.bytes(value) > most) {
            throw new Refused("the value has more than " + most + " bytes", null);
        }
    }
}
