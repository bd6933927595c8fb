package dev.heartwood.file.reading;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files of a store as one look finds them: their identities, and the times of their last writes.
 *
 * @param stamps by name; those that are not there are left out
 * @param taken when, in nanoseconds since 1970
 */
record FilesSeen(Map<Path, FileStamp> stamps, long taken) {
    /** File systems date writes by a clock that ticks; two writes within one tick look like one. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static FilesSeen in(Disk disk, StoreLayout place) throws IOException {
        long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        Map<Path, FileStamp> stamps = new TreeMap<>();
        for (Path path : List.of(place.file(), place.holder(), place.durable())) {
            add(disk, path, stamps);
        }
        for (String name : disk.list(place.directory())) {
            if (StoreLayout.journalNumber(name) >= 0) {
                add(disk, place.directory().resolve(name), stamps);
            }
        }
        return new FilesSeen(stamps, now);
    }

    private static void add(Disk disk, Path path, Map<Path, FileStamp> stamps) throws IOException {
        FileStamp stamp = disk.stamp(path);
        if (stamp != null) {
            stamps.put(path, stamp);
        }
    }

    /** Whether a later look that finds the same stamps proves that nothing was written since. */
    boolean isSettled() {
        return stamps.values().stream().allMatch(stamp -> Math.abs(taken - stamp.modified()) > TICK_NANOS);
    }

    /** The time of the look does not count. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FilesSeen seen && stamps.equals(seen.stamps);
    }

    @Override
    public int hashCode() {
        return stamps.hashCode();
    }
}
