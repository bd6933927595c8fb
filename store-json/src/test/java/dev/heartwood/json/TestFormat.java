package dev.heartwood.json;

import dev.heartwood.json.file.TreeFormat;

/** Hands the format of the JSON file to the tests of the protocol. */
public final class TestFormat {
    private TestFormat() {}

    /** The format that {@link JsonFile} uses. */
    public static TreeFormat create() {
        return new FileFormat(Decimals.SHORTEST);
    }
}
