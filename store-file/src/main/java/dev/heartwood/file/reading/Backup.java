package dev.heartwood.file.reading;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.recovery.JournaledState;
import dev.heartwood.file.recovery.OpenErrors;
import dev.heartwood.file.recovery.RecoveryScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.json.Decimals;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.CanonicalPath;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One file with every durable commit of a store, which may be open here or in another process. Nothing is locked, and
 * nothing of the store is changed; {@code lock} is not opened, since closing it would release a lock of this process.
 *
 * <p>Consistent, since the file is read between two looks at the names in {@code state.json.d}: a checkpoint begins by
 * making a journal and ends by deleting one, so if the names are the same, the file that was read and the journal that
 * follows it belong together. The journal was read before the file, and has every commit that had been acknowledged by
 * then.
 */
public final class Backup {
    private static final int TRIES = 200;
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private final Disk disk;
    private final StoreLayout source;
    private final TreeFormat format = Json.options().decimals(Decimals.EXACT).treeFormat();

    private Backup(Disk disk, StoreLayout source) {
        this.disk = disk;
        this.source = source;
    }

    /** A state of the store: its tree, or the bytes that spell it. */
    @SuppressWarnings("ArrayRecordComponent") // never changed, and never compared
    private record State(HashMap<String, @Nullable Object> tree, byte @Nullable [] bytes) {}

    /** Makes the backup; durable when this returns. */
    public static void make(Path file, Path target) throws IOException {
        make(new RealDisk(), file, target);
    }

    static void make(Disk disk, Path file, Path target) throws IOException {
        StoreLayout to = new StoreLayout(target.toAbsolutePath().normalize());
        // It may have been deleted beside a program that has it open.
        Path real = Files.exists(file) || Files.isSymbolicLink(file)
                ? CanonicalPath.of(file)
                : file.toAbsolutePath().normalize();
        StoreLayout from = new StoreLayout(real);
        if (disk.attributes(real) == null && disk.attributes(from.directory()) == null) {
            throw new StoreIOException("there is nothing to back up: " + file + " does not exist", null);
        }
        new Backup(disk, from).write(to);
    }

    private void write(StoreLayout target) throws IOException {
        for (Path taken : List.of(target.file(), target.directory())) {
            if (disk.attributes(taken) != null) {
                throw new StoreIOException(
                        taken + " exists already, and a backup overwrites nothing. Nothing was changed. Give the backup"
                                + " another name, or move that away",
                        null);
            }
        }
        State state = read();
        reserve(target);
        try {
            writeNext(target, state);
            // Over an empty file of ours: nothing of somebody else's is replaced.
            disk.rename(target.next(), target.file());
            disk.forceDirectory(target.parent());
        } catch (IOException | RuntimeException | Error e) {
            delete(target.next(), e);
            delete(target.file(), e);
            throw e;
        }
    }

    private void reserve(StoreLayout target) throws IOException {
        try {
            disk.create(target.file(), Disk.OWNER_ONLY).close();
        } catch (FileAlreadyExistsException e) {
            throw new StoreIOException(target + " exists already, and a backup overwrites nothing", e);
        }
    }

    private void writeNext(StoreLayout target, State state) throws IOException {
        try (FileOutput out = new FileOutput(target.next(), created(target))) {
            byte[] bytes = state.bytes();
            if (bytes != null) {
                out.write(bytes, 0, bytes.length);
            } else {
                format.pretty(state.tree(), out);
            }
            StorePermissions.share(disk, target.next(), source.file());
            out.force();
        }
    }

    /** Creates the file with the access control list of the source, by way of a directory that nobody else looks into. */
    private Disk.Output created(StoreLayout target) throws IOException {
        Disk.Attributes model = disk.attributes(source.file());
        if (model == null || !model.mayHaveList()) {
            return disk.createAnew(target.next(), Disk.OWNER_ONLY);
        }
        disk.createDirectory(target.directory());
        try {
            return StorePermissions.create(disk, target, target.next(), source.file());
        } finally {
            disk.delete(target.directory());
        }
    }

    private void delete(Path file, Throwable failure) {
        try {
            disk.delete(file);
        } catch (IOException again) {
            failure.addSuppressed(again);
        }
    }

    private State read() throws IOException {
        for (int tries = 1; ; tries++) {
            StoreException refusal = null;
            List<String> before = names();
            try {
                State state = readOnce();
                if (names().equals(before)) {
                    return state;
                }
            } catch (NoSuchFileException e) {
                refusal = new StoreIOException(source + " changed while it was read: " + IoErrors.inWords(e), e);
            } catch (StoreException e) {
                refusal = e;
            }
            boolean changed = !names().equals(before);
            if (tries == TRIES || (refusal != null && !changed && tries > 3)) {
                throw new StoreIOException(
                        refusal != null
                                ? "no backup of " + source + " was made: " + refusal.getMessage()
                                : "no backup of " + source
                                        + " was made: it was written anew each time while it was read. Try again when less is"
                                        + " written, or close the store first",
                        refusal);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : disk.list(source.directory())) {
            if (StoreLayout.journalNumber(name) >= 0) {
                names.add(name);
            }
        }
        names.sort(null);
        return names;
    }

    private State readOnce() throws IOException {
        OpenErrors refusals = new OpenErrors(source);
        StoreContext context = new StoreContext(disk, source, format, Settings.DEFAULT, Reporter.NOBODY);
        RecoveryScan found = RecoveryScan.in(context, JournalScan::follows);
        HeldText held = HeldText.beforeReading(context);
        byte[] bytes;
        LoadedTree file;
        try {
            bytes = disk.bytes(source.file());
            file = new LoadedTree(ContentDigest.of(bytes), format.read(bytes));
        } catch (StoreException | IOException e) {
            HashMap<String, @Nullable Object> committed = held.committed(null, found);
            if (committed == null) {
                throw e;
            }
            return new State(committed, null);
        }
        JournalScan live = found.live(file.content());
        JournaledState state = found.journaled(live, file);
        boolean isSaved = JournaledState.isSaved(state, live, file.content());
        HashMap<String, @Nullable Object> committed =
                !isSaved && !held.isStandBy(live) ? null : held.committed(file.content(), found);
        if (committed != null) {
            return new State(committed, null);
        } else if (live == null) {
            if (found.isSuperseded(file.content())) {
                throw refusals.stale();
            }
            return new State(file.tree(), bytes);
        } else if (live.isCorrupt()) {
            throw refusals.corrupt(live);
        }
        if (state == null || isSaved) {
            throw refusals.conflict(live);
        }
        return live.commits() == 0 ? new State(file.tree(), bytes) : new State(state.tree(), null);
    }
}
