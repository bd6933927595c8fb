package dev.heartwood.sqlite;

import dev.heartwood.json.Json;

/**
 * Keys of the tree as SQLite text: unchanged, except keys that UTF-8 or SQL tools would change. These keys, and keys
 * that begin with a quotation mark, are written as JSON strings.
 */
final class RowKey {
    private RowKey() {}

    static String toText(String key) {
        return key.startsWith("\"") || !survives(key) ? Json.write(key) : key;
    }

    /** The key of a text; {@code IllegalArgumentException} or a JSON error if it represents none. */
    static String fromText(String text) {
        if (!text.startsWith("\"")) {
            return text;
        }
        if (Json.readValue(text) instanceof String key) {
            return key;
        }
        throw new IllegalArgumentException("expected a JSON string");
    }

    /** Whether it has no lone surrogate, for which UTF-8 has no bytes, and no NUL, at which SQL functions stop. */
    private static boolean survives(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == key.length() || !Character.isLowSurrogate(key.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
