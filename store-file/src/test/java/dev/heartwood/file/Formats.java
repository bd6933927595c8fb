package dev.heartwood.file;

import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;

/** The text format of the JSON file with its default options. */
final class Formats {
    private Formats() {}

    static TreeFormat format() {
        return Json.options().treeFormat();
    }
}
