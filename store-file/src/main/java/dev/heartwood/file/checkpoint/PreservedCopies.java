package dev.heartwood.file.checkpoint;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Copies of files, byte by byte: a second name of the same file would change with it. */
public final class PreservedCopies {
    /** Copies of texts that somebody else wrote into the file while it was open. */
    static final String EXTERNAL = "external";
    /** The number of kept copies: a program that writes into the file again and again must not fill the disk. */
    static final int MOST_EXTERNAL = 20;

    private PreservedCopies() {}

    /** Copies a file to a new one, and forces its bytes; returns the copied bytes. */
    static ContentDigest copy(Disk disk, StoreLayout place, Path from, Path to) throws IOException {
        return copy(disk, place, from, to, FileOutput.Slices.UNWATCHED);
    }

    /** {@link #copy} that can be ended after each slice. */
    static ContentDigest copy(Disk disk, StoreLayout place, Path from, Path to, FileOutput.Slices slices)
            throws IOException {
        try (InputStream in = disk.read(from);
                FileOutput out = new FileOutput(to, StorePermissions.create(disk, place, to, from), slices)) {
            in.transferTo(out);
            StorePermissions.share(disk, to, from);
            return out.force();
        }
    }

    /** A file that was kept for a person, and its description. */
    public record Kept(Path file, ContentDigest content) {}

    /** Writes a new file, and forces its bytes; returns the written bytes. */
    public interface Writing {
        ContentDigest to(Path file) throws IOException;
    }

    /** Keeps a copy for a person beside the file, under a name that is free; durable when this returns. */
    public static Kept keep(Disk disk, StoreLayout place, String why, Path original) throws IOException {
        return keep(disk, place, why, kept -> copy(disk, place, original, kept));
    }

    /** As {@link #keep}, unless there is such a copy already, as an earlier try may have left; returns the name of the copy. */
    public static Path keepOnce(Disk disk, StoreLayout place, String why, Path original) throws IOException {
        ContentDigest content = ContentDigest.in(disk, original);
        for (String name : disk.list(place.parent())) {
            int number = place.keptNumber(why, name);
            Path kept = number > 0 ? place.kept(why, number) : null;
            Disk.Attributes found = kept == null ? null : disk.attributes(kept);
            if (kept != null
                    && found != null
                    && found.kind() == Disk.Kind.FILE
                    && found.size() == content.size()
                    && content.standsIn(disk, kept)) {
                disk.force(kept);
                disk.forceDirectory(place.parent());
                return kept;
            }
        }
        return keep(disk, place, why, original).file();
    }

    /** Keeps something for a person; durable when this returns. If it fails, nothing is there. */
    public static Kept keep(Disk disk, StoreLayout place, String why, Writing writing) throws IOException {
        Path kept = free(disk, place, why);
        try {
            ContentDigest content = writing.to(kept);
            disk.forceDirectory(place.parent());
            return new Kept(kept, content);
        } catch (IOException | RuntimeException | Error e) {
            try {
                disk.delete(kept);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /**
     * Deletes the oldest edits that were kept, but for the newest {@value #MOST_EXTERNAL}.
     *
     * @return the names of the deleted files, as the end of a sentence; empty if there are none
     */
    static String pruned(Disk disk, StoreLayout place) throws IOException {
        List<Path> deleted = prune(disk, place);
        return deleted.isEmpty() ? "" : ". " + MOST_EXTERNAL + " such files are kept, so " + deleted + " was deleted";
    }

    private static List<Path> prune(Disk disk, StoreLayout place) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : disk.list(place.parent())) {
            int number = place.keptNumber(EXTERNAL, name);
            if (number > 0) {
                numbers.add(number);
            }
        }
        numbers.sort(null);
        List<Path> deleted = new ArrayList<>();
        for (int number : numbers.subList(0, Math.max(0, numbers.size() - MOST_EXTERNAL))) {
            disk.delete(place.kept(EXTERNAL, number));
            deleted.add(place.kept(EXTERNAL, number));
        }
        return deleted;
    }

    /** A name that is free. */
    static Path free(Disk disk, StoreLayout place, String why) throws IOException {
        List<String> taken = disk.list(place.parent());
        int number = 1;
        for (String name : taken) {
            // After the last number and not in a gap: the copies with the largest numbers are the newest, and stay.
            number = Math.max(number, place.keptNumber(why, name) + 1);
        }
        // On a file system that ignores case, a copy under another spelling may have the name.
        while (disk.attributes(place.kept(why, number)) != null) {
            number++;
        }
        return place.kept(why, number);
    }
}
