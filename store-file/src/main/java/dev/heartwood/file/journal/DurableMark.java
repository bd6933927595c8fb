package dev.heartwood.file.journal;

import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.ContentFingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far an open store is durable, as its holder tells programs that follow it: either the file alone says it all, or
 * a journal does up to one of its commits. A valid line of a journal alone does not tell: it may not be synced yet, and
 * may still be rolled back.
 *
 * <p>The mark is advice: for followers; and for an opening, which recognizes texts of the holder before by it, tells of commits that were lost, and
 * finds the newest text for a repair. It is written after a sync and before the commits of
 * that sync are acknowledged, and it is not synced itself: after a power cut it may be older than the files, so it
 * names the start of the machine, and a mark of an earlier start does not count. Nor does one of another opening than
 * the one that the {@linkplain StoreLayout#holder token} names.
 *
 * @param opening the opening that wrote it, as in {@link StoreLayout#of}
 * @param boot names the start of the machine, or is {@code -} where the machine does not tell
 * @param number of the newest journal and generation; it grows as long as the store is the same
 * @param state the durable state
 * @param texts the contents that a file with a second name may have, if nobody else has written into it: the next opening
 *     recognizes them. As {@link ContentFingerprint#text} has them, since most marks name those of the mark before; null where the
 *     mark does not tell, as those of earlier revisions
 */
public record DurableMark(
        String opening,
        String boot,
        long number,
        State state,
        @Nullable String texts) {
    private static final String UNKNOWN = "-";

    /** The machine's name of its last start; {@code -} where there is none. */
    public static final String BOOT = lastStart();

    /** Each mark is padded to this many bytes, so that writing it over another leaves nothing of the old one. */
    private static final int LENGTH = 896;

    private static final String HASH = "((?:crc32c|sha256):[0-9a-f]{8,64})";
    private static final Pattern JSON = Pattern.compile("\\{\"durable\":1,\"opening\":\"([0-9a-f]{8})\","
            + "\"boot\":\"([^\"]{1,40})\",\"number\":(\\d{1,18}),"
            + "(?:\"file\":\"" + HASH + "\",\"bytes\":(\\d{1,18})"
            + "(?:,\"next\":\"" + HASH + "\",\"nextBytes\":(\\d{1,18}))?"
            + "|\"journal\":\"([0-9a-f]{16})\",\"commits\":(\\d{1,18}))"
            + "(?:,\"texts\":\"([^\"]*)\")?(?:,[^}]*)?} *");

    /** The durable state. */
    public sealed interface State {}

    /**
     * The file, while it has this content.
     *
     * @param next the content that it is about to get; null if it is not about to be replaced. A holder that was killed after the rename
     *     and before the sync has left that
     */
    public record FileState(
            ContentFingerprint content, @Nullable ContentFingerprint next) implements State {
        /** The contents that a holder which was killed may have left in the file, the newest first. */
        public List<ContentFingerprint> texts() {
            return Stream.concat(Stream.ofNullable(next), Stream.of(content)).toList();
        }
    }

    /** The first commits of a journal, on the file that it follows. */
    public record JournalState(String id, long commits) implements State {}

    /** All texts that the holder may have left under a second name, as far as it has named them. */
    public List<ContentFingerprint> ownTexts() {
        ContentFingerprint next = state instanceof FileState file ? file.next : null;
        return Stream.concat(Stream.ofNullable(next), named().stream()).toList();
    }

    /** The texts that it names, the newest first. */
    public List<ContentFingerprint> named() {
        return texts == null ? List.of() : ContentFingerprint.parse(texts);
    }

    /** Whether no power cut can have kept a newer mark than this from the disk. */
    public boolean isOfThisStart() {
        return boot.equals(BOOT) && !boot.equals(UNKNOWN);
    }

    /** The bytes of the mark; their number is always the same. */
    public byte[] bytes() {
        StringBuilder json = new StringBuilder(LENGTH)
                .append("{\"durable\":1,\"opening\":\"")
                .append(opening)
                .append("\",\"boot\":\"")
                .append(boot)
                .append("\",\"number\":")
                .append(number);
        if (state instanceof FileState file) {
            add(json, "file", "bytes", file.content);
            if (file.next != null) {
                add(json, "next", "nextBytes", file.next);
            }
        } else {
            JournalState journal = (JournalState) state;
            json.append(",\"journal\":\"")
                    .append(journal.id)
                    .append("\",\"commits\":")
                    .append(journal.commits);
        }
        if (texts != null) {
            json.append(",\"texts\":\"").append(texts).append('"');
        }
        json.append('}');
        return JournalLine.of("", 0, 0, json.toString().getBytes(StandardCharsets.US_ASCII), LENGTH);
    }

    private static void add(StringBuilder json, String hash, String bytes, ContentFingerprint text) {
        json.append(",\"")
                .append(hash)
                .append("\":\"")
                .append(text.hash())
                .append("\",\"")
                .append(bytes)
                .append("\":")
                .append(text.bytes());
    }

    /** Parses a mark; null if the bytes are none, for example because they are just being written. */
    public static @Nullable DurableMark parse(byte[] bytes) {
        int length = bytes.length - 1;
        JournalLine line = length > 0 && bytes[length] == '\n' ? JournalLine.parse("", bytes, length) : null;
        Matcher json = JSON.matcher(line == null ? "" : line.text());
        if (!json.matches()) {
            return null;
        }
        State state = json.group(4) != null
                ? new FileState(
                        new ContentFingerprint(json.group(4), Long.parseLong(json.group(5))),
                        json.group(6) == null
                                ? null
                                : new ContentFingerprint(json.group(6), Long.parseLong(json.group(7))))
                : new JournalState(json.group(8), Long.parseLong(json.group(9)));
        return new DurableMark(json.group(1), json.group(2), Long.parseLong(json.group(3)), state, json.group(10));
    }

    private static String lastStart() {
        try {
            String id =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return id.matches("[0-9a-f-]{8,40}") ? id : UNKNOWN;
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }
}
