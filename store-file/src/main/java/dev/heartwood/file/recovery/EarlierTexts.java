package dev.heartwood.file.recovery;

import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.journal.KeptCommits;
import dev.heartwood.file.text.ContentDigest;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last texts of a file that held the state alone, as small files do, where the file itself cannot be read: they may stand in the
 * log of the newest commits, and under the second names. They are later than the newest generation. A text counts only if its checksum is one
 * that the mark of the holder before names, and if that mark is as new as the other files.
 */
public final class EarlierTexts {
    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final RecoveryScan found;

    public EarlierTexts(StoreContext context, RecoveryScan found) {
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
    public record Found(HashMap<String, @Nullable Object> tree, String where) {}

    /** The newest of them; null if there is none, or the newest generation is as new. */
    @Nullable
    Found newest() throws IOException {
        DurableMark mark = found.mark();
        if (mark == null
                || mark.number() != found.newestNumber()
                || !(mark.state() instanceof DurableMark.FileState)
                || found.journals().stream().anyMatch(JournalScan::hasCommits)) {
            return null;
        }
        List<byte[]> logged = endOfTheLog();
        for (ContentFingerprint text : mark.named()) {
            Found earlier = find(text, logged);
            if (earlier != null) {
                return earlier;
            }
            if (found.newestGenerationIs(text)) {
                return null;
            }
        }
        return null;
    }

    /** A text of ours, by its checksum; null if it stands neither in the log, nor under a second name, nor in the newest generation. */
    public @Nullable Found find(ContentFingerprint text) throws IOException {
        Found earlier = find(text, endOfTheLog());
        if (earlier == null && found.newestGenerationIs(text)) {
            Path newest = place.generation(found.generations().get(0));
            LoadedTree loaded = found.loadedOrNull(newest);
            return loaded == null ? null : new Found(loaded.tree(), newest.toString());
        }
        return earlier;
    }

    /** Whether this is the text of the last commit in the log. */
    boolean isNewestLogged(ContentDigest text) throws IOException {
        byte[] bytes = text.bytes();
        return bytes != null && endOfTheLog().stream().anyMatch(last -> Arrays.equals(last, bytes));
    }

    private @Nullable Found find(ContentFingerprint text, List<byte[]> logged) throws IOException {
        for (byte[] last : logged) {
            if (text.is(last)) {
                return new Found(format.read(last), "the last commit in " + place.commits());
            }
        }
        for (Path second : place.replaced()) {
            LoadedTree loaded = text.isContentOf(disk, second) ? found.loadedOrNull(second) : null;
            if (loaded != null) {
                return new Found(loaded.tree(), "the text that a later commit has replaced (" + second + ")");
            }
        }
        return null;
    }

    /** The texts of the file with the tree that the log ends with: one for each way in which its decimals may have been written. */
    private List<byte[]> endOfTheLog() throws IOException {
        List<byte[]> texts = new ArrayList<>();
        for (Decimals decimals : Decimals.values()) {
            TreeFormat written = Json.options().decimals(decimals).treeFormat();
            RecordedCommits log = KeptCommits.read(disk, place, written);
            if (log != null) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                written.pretty(log.newest().root(), text);
                texts.add(text.toByteArray());
            }
        }
        return texts;
    }
}
