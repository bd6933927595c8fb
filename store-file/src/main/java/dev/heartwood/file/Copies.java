package dev.heartwood.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Copies of files, byte by byte: a second name of the same file would change with it. */
final class Copies {
    private Copies() {}

    /** Copies a file to a new one, and forces its bytes; gives what was copied. */
    static Content copy(Disk disk, Path from, Path to) throws IOException {
        return copy(disk, from, to, FileOutput.Slices.UNWATCHED);
    }

    /** {@link #copy} that can be ended after each slice. */
    static Content copy(Disk disk, Path from, Path to, FileOutput.Slices slices) throws IOException {
        try (InputStream in = disk.read(from);
                FileOutput out = new FileOutput(disk, to, Disk.OWNER_ONLY, slices)) {
            in.transferTo(out);
            Access.share(disk, to, from);
            return out.force();
        }
    }

    /** Something that was kept for a person, and what it is. */
    record Kept(Path file, Content content) {}

    /** Writes a new file, and forces its bytes; gives what was written. */
    interface Writing {
        Content to(Path file) throws IOException;
    }

    /** Keeps a copy for a person beside the file, under a name that is free; durable when this returns. */
    static Kept keep(Disk disk, Place place, String why, Path original) throws IOException {
        return keep(disk, place, why, kept -> copy(disk, original, kept));
    }

    /** Keeps something for a person; durable when this returns. If it fails, nothing is there. */
    static Kept keep(Disk disk, Place place, String why, Writing writing) throws IOException {
        Path kept = free(disk, place, why);
        try {
            Content content = writing.to(kept);
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

    /** A name that is free. */
    private static Path free(Disk disk, Place place, String why) throws IOException {
        List<String> taken = disk.list(place.parent());
        int number = 1;
        while (taken.contains(place.kept(why, number).getFileName().toString())) {
            number++;
        }
        return place.kept(why, number);
    }
}
