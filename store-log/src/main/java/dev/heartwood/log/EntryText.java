package dev.heartwood.log;

import dev.heartwood.StoreException;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.PendingCommit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry as text: a header line, and one line for each commit with its edits as JSON. The header names the id of the entry
 * before it. An entry that is too large for the log holds its header alone, with the number and the checksum of the parts
 * that hold its text.
 *
 * @param on the id of the entry before this one
 * @param firstVersion the version of the first commit; those after it follow without a gap
 * @param commits the edits of each commit; empty where {@code staged} is not null, and in an entry that only fills its place
 * @param staged the reference to the parts that hold the text, if it is not here
 */
record EntryText(String on, long firstVersion, List<String> commits, StagedText.@Nullable Reference staged) {
    private static final String KIND = "entry";

    /** The text of an entry with these commits, which may be none. */
    static String of(Position on, List<PendingCommit<String>> commits) {
        long first = commits.isEmpty() ? 0 : commits.get(0).after().version();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("on", on.id());
        header.put("first", first);
        header.put("commits", commits.size());
        StringBuilder text = new StringBuilder(LogHeader.line(KIND, header));
        for (PendingCommit<String> commit : commits) {
            text.append('\n').append(commit.change());
        }
        return text.toString();
    }

    /** The text of an entry whose own text is in parts. */
    static String referring(Position on, StagedText.Reference staged) {
        return LogHeader.line(KIND, Map.of("on", on.id(), "parts", staged.parts(), "sha256", staged.sha256()));
    }

    /** The text of an entry of the log itself, which may refer to parts. */
    static EntryText of(SharedLog.Entry entry) {
        return LogFormat.reading("entry " + entry.at(), () -> parse(entry.body()));
    }

    /** The text of an entry of the log, joined if it is in parts; null if its parts were trimmed. */
    static @Nullable EntryText read(StagedText.Parts parts, SharedLog.Entry entry)
            throws LogException.Unavailable, LogException.Refused {
        EntryText text = of(entry);
        if (text.staged == null) {
            return text;
        }
        String whole = StagedText.get(parts, StagedText.ENTRIES, entry.at(), text.staged);
        return whole == null ? null : LogFormat.reading("entry " + entry.at(), () -> parse(whole));
    }

    /**
     * Reads an entry.
     *
     * @throws StoreException if the text is not an entry, or is of a newer version of the library
     */
    static EntryText parse(String text) {
        LogHeader header = LogHeader.parse(KIND, LogHeader.firstLine(text));
        if (header.has("parts")) {
            return new EntryText(
                    header.text("on"),
                    0,
                    List.of(),
                    new StagedText.Reference((int) header.number("parts"), header.text("sha256")));
        }
        List<String> commits = new ArrayList<>();
        String rest = LogHeader.afterFirstLine(text);
        while (!rest.isEmpty() && commits.size() < header.number("commits")) {
            commits.add(LogHeader.firstLine(rest));
            rest = LogHeader.afterFirstLine(rest);
        }
        if (commits.size() != header.number("commits")) {
            throw new StoreException(
                    "an entry of the log has " + commits.size() + " commits, but its header says "
                            + header.number("commits"),
                    null);
        }
        return new EntryText(header.text("on"), header.number("first"), commits, null);
    }
}
