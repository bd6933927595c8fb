package dev.heartwood.log;

import dev.heartwood.log.LogException.Refused;

/** Checks of values, for engines. */
public final class LogValues {
    private LogValues() {}

    /**
     * Refuses a value before it is sent.
     *
     * @param most the maximum number of bytes in UTF-8: {@link SharedLog#largestValue}
     * @throws Refused if it has more
     */
    public static void requireRoom(String value, int most) throws Refused {
        // A character is one byte at least, and counting makes no copy.
        if (value.length() > most || StagedText.bytes(value) > most) {
            throw new Refused("the value has more than " + most + " bytes", null);
        }
    }
}
