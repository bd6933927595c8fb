package dev.heartwood.file.reading;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.LocationChecks;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.json.TreeFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** A tree as it was read from a file, which is not kept open; it takes no commits. */
public final class ReadOnlyRoot implements Root {
    private final StoreLayout place;
    private final Timeline timeline;

    ReadOnlyRoot(StoreLayout place, Timeline timeline) {
        this.place = place;
        this.timeline = timeline;
    }

    /**
     * Reads a file, with the commits of its journal; writes nothing, takes no lock, and leaves nothing open.
     *
     * @throws dev.heartwood.StoreException if the state of the files is unclear
     * @throws IOException if reading failed
     */
    public static ReadOnlyRoot open(Path path, TreeFormat format, Settings settings, Reporter reporter)
            throws IOException {
        return open(new StoreContext(new RealDisk(), LocationChecks.findToRead(path), format, settings, reporter));
    }

    static ReadOnlyRoot open(StoreContext context) throws IOException {
        FileReader.Read read = new FileReader(context).read();
        Timeline timeline = new Timeline(
                read.number() << Integer.SIZE, read.tree(), context.format().dialect());
        return new ReadOnlyRoot(context.place(), timeline);
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot head() {
        return timeline.newest();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        // After closing, that is reported first.
        timeline.newest();
        throw new StoreIOException(
                place + " was opened read-only: the commit was not accepted, and nothing is changed. Open it without"
                        + " readOnly() to write",
                null);
    }

    @Override
    public boolean settle(Snapshot state) {
        return true;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        timeline.close();
    }
}
