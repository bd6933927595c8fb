package dev.heartwood.log;

import dev.heartwood.json.ArrivingText;
import dev.heartwood.log.SharedLog.Position;
import io.vavr.collection.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A state of the tree and its place in the log. The pointer that the log keeps is one header line; the text, in parts,
 * is a header line with the table of writers, and the tree as JSON.
 *
 * @param log the identity of the log: the id of number 0
 * @param at the last entry that the state holds
 * @param version the version of the state
 * @param tree the tree
 * @param writers the last entries of the writers up to there
 */
record Checkpoint(String log, Position at, long version, HashMap<String, @Nullable Object> tree, WriterTable writers) {
    private static final String KIND = "checkpoint";
    private static final String POINTER = "checkpoint-pointer";

    /** The beginning of a log. */
    static Checkpoint beginning(String log) {
        return new Checkpoint(log, new Position(0, log), 0, HashMap.empty(), new WriterTable());
    }

    /** The text that goes into parts. */
    String text() {
        String header = LogHeader.line(KIND, Map.of("writers", writers.rows(), "completeFrom", writers.completeFrom()));
        return header + "\n" + LogFormat.text(tree);
    }

    /**
     * The pointer to that text.
     *
     * @param announced the largest number that a replica has announced so far
     * @param kept the earlier checkpoint that stays; null for none
     */
    String pointer(StagedText.Reference staged, long announced, @Nullable Pointer kept) {
        return new Pointer(log, at, version, staged, announced, kept).text();
    }

    /** The checkpoint of a pointer and its text, which may still be on its way. */
    static Checkpoint of(Pointer pointer, ArrivingText text) {
        LogHeader header = LogHeader.parse(KIND, text.takeLine());
        return new Checkpoint(
                pointer.log,
                pointer.at,
                pointer.version,
                LogFormat.TREES.read(text),
                WriterTable.of(header.object("writers"), header.number("completeFrom")));
    }

    /**
     * The content of a pointer.
     *
     * @param announced the largest number for which a replica has begun to write a checkpoint; 0 if there is none later than this.
     *     Versions of the library that do not know this member ignore it
     * @param kept an earlier checkpoint, whose parts stay for readers that are slower than the checkpoints; null if there is none.
     *     Versions of the library that do not know this member ignore it, and delete the parts
     */
    record Pointer(
            String log,
            Position at,
            long version,
            StagedText.Reference staged,
            long announced,
            @Nullable Pointer kept) {
        /** Of a log without a checkpoint. */
        static final Pointer NONE = new Pointer("", new Position(0, ""), 0, new StagedText.Reference(0, ""), 0, null);

        private static final String ANNOUNCED = "announced";
        private static final String UNCOMPRESSED = "uncompressed";
        private static final String KEPT = "kept";
        private static final Set<String> KNOWN = Set.of(CompressedText.FEATURE);

        static Pointer parse(String text) {
            LogHeader header = header(text);
            return of(header, header.has(KEPT) ? of(header.nested(POINTER, KEPT, KNOWN), null) : null);
        }

        private static Pointer of(LogHeader header, @Nullable Pointer kept) {
            return new Pointer(
                    header.text("log"),
                    new Position(header.number("number"), header.text("id")),
                    header.number("version"),
                    new StagedText.Reference(
                            (int) header.number("parts"),
                            header.text("sha256"),
                            header.has(UNCOMPRESSED) ? header.number(UNCOMPRESSED) : 0),
                    header.has(ANNOUNCED) ? header.number(ANNOUNCED) : 0,
                    kept);
        }

        private String text() {
            Map<String, Object> header = members();
            if (announced > at.number()) {
                header.put(ANNOUNCED, announced);
            }
            if (kept != null) {
                header.put(KEPT, LogHeader.members(POINTER, kept.members()));
            }
            return LogHeader.line(POINTER, header);
        }

        /** The members that lead to the text. */
        private Map<String, Object> members() {
            Map<String, Object> header = new LinkedHashMap<>();
            header.put("log", log);
            header.put("number", at.number());
            header.put("id", at.id());
            header.put("version", version);
            header.put("parts", staged.parts());
            header.put("sha256", staged.sha256());
            if (staged.uncompressed() > 0) {
                header.put(UNCOMPRESSED, staged.uncompressed());
                header.put(LogHeader.REQUIRES, List.of(CompressedText.FEATURE));
            }
            return header;
        }

        /** The pointer with the announcement of a checkpoint of this number, and all else as it was. */
        static String announcing(String text, long number) {
            return header(text).with(ANNOUNCED, number);
        }

        private static LogHeader header(String text) {
            return LogHeader.parse(POINTER, text, KNOWN);
        }

        /** The number of the newest checkpoint that is there or announced. */
        long newest() {
            return Math.max(at.number(), announced);
        }
    }
}
