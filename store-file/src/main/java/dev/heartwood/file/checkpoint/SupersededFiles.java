package dev.heartwood.file.checkpoint;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalHeader;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.ContentDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The hashes of earlier versions of the file whose commits stood in a journal that has been deleted since. A file that
 * is one of them lacks commits that were acknowledged: {@code state.json} and {@code state.json.d} were copied one
 * after the other while the store was open, or an older version was put back.
 *
 * <p>Written at a checkpoint, before the old journal is deleted, and never needed for a recovery. Forgotten when the
 * file becomes small: it is then written at each commit, and may return to an earlier content. And forgotten when the
 * store is closed: any other content of the file is then an edit.
 */
public final class SupersededFiles {
    private static final int MOST = 200;

    private final Disk disk;
    private final StoreLayout place;

    public SupersededFiles(Disk disk, StoreLayout place) {
        this.disk = disk;
        this.place = place;
    }

    public boolean contains(ContentDigest file) throws IOException {
        return disk.attributes(place.superseded()) != null && read().contains(file.sha256());
    }

    /** Adds the file that a journal follows, if the journal has commits; the journal is about to be deleted. */
    void addBaseOf(long journal) throws IOException {
        JournalScan scan = JournalScan.of(disk, place.journal(journal), journal);
        JournalHeader header = scan.header();
        if (header == null || !scan.hasCommits()) {
            return;
        }
        List<String> hashes = disk.attributes(place.superseded()) == null ? new ArrayList<>() : read();
        hashes.remove(header.base());
        hashes.add(header.base());
        write(hashes.subList(Math.max(0, hashes.size() - MOST), hashes.size()));
    }

    /** Clears the list: from here on an earlier content of the file lacks no commits. */
    void forget() throws IOException {
        if (disk.attributes(place.superseded()) != null) {
            disk.delete(place.superseded());
        }
    }

    private List<String> read() throws IOException {
        return new ArrayList<>(
                List.of(new String(disk.bytes(place.superseded()), StandardCharsets.US_ASCII).split("\n", -1)));
    }

    private void write(List<String> hashes) throws IOException {
        byte[] bytes = String.join("\n", hashes).getBytes(StandardCharsets.US_ASCII);
        try (Disk.Output out = disk.createAnew(place.nextInside(), Disk.OWNER_ONLY)) {
            out.write(bytes, bytes.length, 0);
            out.force();
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(place.nextInside(), e);
            throw e;
        }
        disk.rename(place.nextInside(), place.superseded());
    }
}
