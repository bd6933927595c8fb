package dev.heartwood.file.journal;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file in which the holder of a store publishes how far it is durable: {@link StoreLayout#durable}, with one
 * {@link DurableMark}. A mark is one write of some 900 bytes at the start of the file, without a sync. A failure costs
 * no commit: programs that follow the store are behind until the next mark, and it is reported once.
 */
public final class DurableMarkFile {
    private static final int LONGEST = 4_096;

    private final Disk disk;
    private final StoreLayout place;
    private final Reporter reporter;
    private Disk.@Nullable Output out;
    private boolean failing;

    public DurableMarkFile(StoreContext context) {
        this.disk = context.disk();
        this.place = context.place();
        this.reporter = context.reporter();
    }

    /**
     * The mark that the holder before has left, before this one makes its own file; null where it was closed, or has left none
     * that can be read.
     */
    public static @Nullable DurableMark left(Disk disk, StoreLayout place) {
        try {
            Disk.Attributes found = disk.attributes(place.durable());
            return found == null || found.kind() != Disk.Kind.FILE || found.size() > LONGEST
                    ? null
                    : DurableMark.parse(disk.bytes(place.durable()));
        } catch (IOException e) {
            // It is advice, which an opening can do without.
            return null;
        }
    }

    /** Makes a new file: an earlier holder that has not noticed its loss yet still has the old one open. */
    public void begin(DurableMark first) {
        byte[] bytes = first.bytes();
        try (Disk.Output made = StorePermissions.create(disk, place, place.nextInside(), place.file())) {
            made.write(bytes, bytes.length, 0);
            StorePermissions.share(disk, place.nextInside(), place.file());
            disk.rename(place.nextInside(), place.durable());
            out = disk.open(place.durable());
        } catch (IOException e) {
            disk.discard(place.nextInside(), e);
            // It is the mark of the holder before, and would tell the next opening of texts that are replaced by then.
            disk.discard(place.durable(), e);
            failed(e);
        }
    }

    /** Tells how far the store is durable now: after the sync, and before anybody is told that its commits are. */
    public void write(DurableMark mark) {
        Disk.Output open = out;
        if (open == null) {
            return;
        }
        byte[] bytes = mark.bytes();
        try {
            open.write(bytes, bytes.length, 0);
            failing = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (!failing && HolderLostException.in(e) == null) {
            reporter.tell(
                    Kind.TROUBLE,
                    "programs that follow " + place + " may be behind: " + place.durable() + " cannot be written: "
                            + IoErrors.inWords(e) + ". Commits are not affected",
                    null,
                    e);
        }
        failing = true;
    }

    /** This opening writes nothing more: the files alone hold the state. */
    public void end() throws IOException {
        Disk.Output open = out;
        out = null;
        if (open != null) {
            open.close();
            try {
                disk.delete(place.durable());
            } catch (HolderLostException e) {
                // It is another opening's.
            }
        }
    }
}
