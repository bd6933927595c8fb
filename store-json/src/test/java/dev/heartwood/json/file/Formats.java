package dev.heartwood.json.file;

import dev.heartwood.json.TestFormat;

/** The format of the JSON file, which the package that reads and writes JSON makes. */
final class Formats {
    private Formats() {}

    static TreeFormat format() {
        return TestFormat.create();
    }
}
