package dev.heartwood.file.reading;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@link DurableMark} of the program that has a store open, as a follower reads it. */
final class FollowedMark {
    private static final Pattern OPENING = Pattern.compile("opening ([0-9a-f]{8})");
    /** A mark may be read while it is written. */
    private static final int TRIES = 5;

    private final Disk disk;
    private final StoreLayout place;
    private @Nullable FileStamp token;
    private String opening = "";

    FollowedMark(Disk disk, StoreLayout place) {
        this.disk = disk;
        this.place = place;
    }

    /**
     * The mark of the holder; null where there is no holder that tells, so that the files alone tell the durable state.
     */
    @Nullable
    DurableMark read() throws IOException {
        for (int tries = 1; tries <= TRIES; tries++) {
            Disk.Attributes found = disk.attributes(place.durable());
            if (found == null || found.kind() != Disk.Kind.FILE) {
                return null;
            }
            byte[] bytes;
            try {
                bytes = disk.bytes(place.durable());
            } catch (NoSuchFileException e) {
                return null;
            }
            DurableMark mark = DurableMark.parse(bytes);
            if (mark != null) {
                // A mark from before the last start of the machine may be older than the synced files; a mark of an
                // earlier opening tells nothing about a later one.
                return mark.boot().equals(DurableMark.BOOT) && mark.opening().equals(opening()) ? mark : null;
            }
        }
        return null;
    }

    /** The opening that holds the store, or was the last to. */
    private String opening() throws IOException {
        FileStamp now = disk.stamp(place.holder());
        if (now == null) {
            return "";
        }
        if (!Objects.equals(now, token)) {
            Matcher text = OPENING.matcher(new String(disk.bytes(place.holder()), StandardCharsets.UTF_8));
            opening = text.find() ? text.group(1) : "";
            token = now;
        }
        return opening;
    }
}
