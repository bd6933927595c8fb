package dev.heartwood.history;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The mark on a commit that undoes or redoes another one. It is in the label, so that every history of the store can read it,
 * also one that was saved and loaded.
 *
 * @param redo whether the commit redoes the other one
 * @param version the commit that is undone
 */
record UndoMark(boolean redo, long version) {
    private static final Pattern LABEL = Pattern.compile("(undo|redo) of version (\\d{1,18})(?: .*)?", Pattern.DOTALL);

    /** The label of the commit, with the label of the commit that is undone. */
    String label(@Nullable String undone) {
        return (redo ? "redo" : "undo") + " of version " + version + (undone == null ? "" : " (" + undone + ")");
    }

    /** The mark in a label; null if there is none. */
    static @Nullable UndoMark parse(@Nullable String label) {
        Matcher matcher = LABEL.matcher(label == null ? "" : label);
        return matcher.matches()
                ? new UndoMark(matcher.group(1).equals("redo"), Long.parseLong(matcher.group(2)))
                : null;
    }
}
