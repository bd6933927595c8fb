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
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.Uninterrupted;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** The tree of a file that another program may have open, as it becomes durable there; it takes no commits. */
public final class FollowingRoot implements Root {
    /** Ends the looks of stores that are dropped without {@link #close}. */
    private static final Cleaner CLEANER = Cleaner.create();

    private final StoreLayout place;
    private final Follower follower;

    private FollowingRoot(StoreLayout place, Follower follower) {
        this.place = place;
        this.follower = follower;
    }

    /**
     * Reads a file, and follows it from there; writes nothing, takes no lock, and leaves nothing open.
     *
     * @throws dev.heartwood.StoreException if the state of the files is unclear
     * @throws IOException if reading failed
     */
    public static FollowingRoot open(Path path, TreeFormat format, Settings settings, Reporter reporter)
            throws IOException {
        return open(new StoreContext(new RealDisk(), LocationChecks.findToRead(path), format, settings, reporter));
    }

    static FollowingRoot open(StoreContext context) throws IOException {
        Follower follower = Follower.start(context);
        FollowingRoot root = new FollowingRoot(context.place(), follower);
        // The action must not refer to the root, or the root would never be dropped.
        CLEANER.register(root, follower::stop);
        return root;
    }

    @Override
    public Timeline timeline() {
        return follower.timeline();
    }

    @Override
    public Snapshot head() {
        return timeline().newest();
    }

    @Override
    public Snapshot fresh() {
        try {
            Uninterrupted.run(() -> {
                follower.refresh();
                return place;
            });
        } catch (IOException e) {
            throw new StoreIOException(
                    "the newest state of " + place + " cannot be read: " + IoErrors.inWords(e)
                            + ". No file was changed; other reads show the last state that could be read",
                    e);
        }
        return timeline().newest();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        // After closing, that is reported first.
        timeline().newest();
        throw new StoreIOException(
                place + " was opened with follow(), which is read-only: the commit was not accepted, and nothing is"
                        + " changed. Write through the program that has the file open, or open it without follow()",
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
        follower.stop();
        timeline().close();
    }
}
