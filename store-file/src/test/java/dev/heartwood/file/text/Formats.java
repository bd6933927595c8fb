package dev.heartwood.file.text;

import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;

/** The text format of the JSON file with its default options. */
public final class Formats {
    private Formats() {}

    public static TreeFormat format() {
        return Json.options().treeFormat();
    }
}
