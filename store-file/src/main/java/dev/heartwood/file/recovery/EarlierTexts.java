package dev.heartwood.file.recovery;

import dev.heartwood.StoreException;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMarkFile;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.journal.KeptCommits;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.history.RecordedCommits;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import io.vavr.collection.HashMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a file that held the state alone, as small files do, where something is damaged: the last ones may stand in the file, in the
 * log of the newest commits, and under the second names. They are later than the newest generation. A text counts only if its checksum is one
 * that the mark of the holder before names, and if that mark is as new as the other files.
 */
final class EarlierTexts {
    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final RecoveryScan found;

    EarlierTexts(StoreContext context, RecoveryScan found) {
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.found = found;
    }

    /**
     * A text that was found.
     *
     * @param tree what it says
     * @param where where it stands, for messages
     */
    record Found(HashMap<String, @Nullable Object> tree, String where) {}

    /**
     * The newest of them; null if there is none, or the newest generation is as new.
     *
     * @param own what stands in the file; null if that cannot be read
     */
    @Nullable
    Found newest(@Nullable LoadedTree own) throws IOException {
        DurableMark mark = DurableMarkFile.left(disk, place);
        if (mark == null
                || mark.texts() == null
                || mark.number() != found.newestNumber()
                || !(mark.state() instanceof DurableMark.FileState)
                || found.journals().stream().anyMatch(JournalScan::hasCommits)) {
            return null;
        }
        for (ContentFingerprint text : mark.texts()) {
            if (own != null && stands(text, place.file())) {
                return new Found(own.tree(), place.file().toString());
            }
            HashMap<String, @Nullable Object> logged = inLog(text);
            if (logged != null) {
                return new Found(logged, "the last commit in " + place.commits());
            }
            for (Path second : place.replaced()) {
                LoadedTree loaded = stands(text, second) ? found.loadedOrNull(second) : null;
                if (loaded != null) {
                    return new Found(loaded.tree(), "the text that a later commit has replaced (" + second + ")");
                }
            }
            if (!found.generations().isEmpty()
                    && stands(text, place.generation(found.generations().get(0)))) {
                return null;
            }
        }
        return null;
    }

    private boolean stands(ContentFingerprint text, Path file) throws IOException {
        Disk.Attributes attributes = disk.attributes(file);
        return attributes != null
                && attributes.kind() == Disk.Kind.FILE
                && attributes.size() == text.bytes()
                && text.standsIn(disk, file);
    }

    /** The tree of a text that the log ends with, which may have been written with other decimals; null if it ends with another. */
    private @Nullable HashMap<String, @Nullable Object> inLog(ContentFingerprint expected) throws IOException {
        for (Decimals decimals : Decimals.values()) {
            TreeFormat other = Json.options().decimals(decimals).treeFormat();
            RecordedCommits log = KeptCommits.read(disk, place, other);
            byte[] text = log == null ? null : text(other, log.newest().root());
            if (text != null && expected.is(text)) {
                return format.read(text);
            }
        }
        return null;
    }

    /** The file with this tree; null if the format has no text for it. */
    private static byte @Nullable [] text(TreeFormat format, HashMap<String, @Nullable Object> tree)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            format.pretty(tree, text);
        } catch (StoreException e) {
            return null;
        }
        return text.toByteArray();
    }
}
