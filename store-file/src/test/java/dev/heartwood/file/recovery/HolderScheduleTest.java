package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A holder that has lost its lock and a second opening, step by step against each other: the holder stops before each
 * of its operations in turn, the second opening comes as far as each of its own, the holder goes on to its end, and so
 * does the second. After any crash every commit that either of them acknowledged is there.
 */
@Timeout(120)
class HolderScheduleTest {
    private static final int SMALL = 4_096;

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "4096, false", "4096, true"})
    void inEveryOrderOfTheirStepsWhatIsAcknowledgedIsThere(long journalAbove, boolean checkpoint) throws Exception {
        inEveryOrder(journalAbove, checkpoint, false);
    }

    /** As on a network file system, where a machine keeps written bytes to itself until they are synced. */
    @Test
    void itIsThereThoughTheSecondOpeningSeesOnlySyncedBytes() throws Exception {
        inEveryOrder(0, false, true);
    }

    private static void inEveryOrder(long journalAbove, boolean checkpoint, boolean onlySynced) throws Exception {
        Random random = new Random(journalAbove + (checkpoint ? 1 : 0));
        Totals totals = new Totals();
        boolean holderReached = true;
        for (int holderStop = 0; holderReached; holderStop++) {
            boolean openerReached = true;
            for (int openerStop = 0; openerReached; openerStop++) {
                Duel duel = new Duel(journalAbove, checkpoint, holderStop, openerStop, true);
                duel.disk.onlySynced = onlySynced;
                duel.run();
                duel.check(random);
                totals.add(duel);
                openerReached = duel.disk.openerReached;
                holderReached = duel.disk.holderReached;
            }
        }
        System.out.println("a holder against a second opening, journal above " + journalAbove + ", checkpoint "
                + checkpoint + ": " + totals);
        // Both answers were seen, or nothing was tested.
        assertThat(totals.acknowledged).isPositive();
        assertThat(totals.refused).isPositive();
    }

    @Test
    void withoutTheLookAfterEachSyncAcknowledgedCommitsAreLost() {
        assertThat(lossesWithoutLooks(0)).as("with a journal").isPositive();
        assertThat(lossesWithoutLooks(SMALL)).as("without one").isPositive();
    }

    private static int lossesWithoutLooks(long journalAbove) {
        int losses = 0;
        for (int holderStop = 0; holderStop < 6; holderStop++) {
            Duel duel = new Duel(journalAbove, false, holderStop, 1_000, false);
            try {
                duel.run();
                duel.check(new Random(1));
            } catch (Exception | AssertionError e) {
                losses++;
            }
        }
        return losses;
    }

    private static final class Totals {
        private int duels;
        private int acknowledged;
        private int refused;

        void add(Duel duel) {
            duels++;
            acknowledged += duel.holderAcknowledged ? 1 : 0;
            refused += duel.holderAcknowledged ? 0 : 1;
        }

        @Override
        public String toString() {
            return duels + " orders, the holder's commit acknowledged in " + acknowledged;
        }
    }

    /** One order of steps. */
    private static final class Duel {
        private final boolean checkpoint;
        private final boolean looking;
        private final Settings settings;
        private final SteppedDisk disk;
        private int mask;
        private boolean holderAcknowledged;

        Duel(long journalAbove, boolean checkpoint, int holderStop, int openerStop, boolean looking) {
            this.checkpoint = checkpoint;
            this.looking = looking;
            this.settings = CrashHarness.settings(journalAbove);
            this.disk = new SteppedDisk(holderStop, openerStop);
        }

        void run() throws Exception {
            Opening holder = new Opening(this, looking);
            assertThat(holder.commit(0)).isTrue();
            Thread thread = new Thread(() -> holderAcknowledged = actAs(holder));
            disk.holder = thread;
            thread.start();
            disk.awaitHolder();
            disk.opener = Thread.currentThread();
            Opening opener = null;
            try {
                opener = new Opening(this, true);
                opener.commit(2);
            } catch (IOException | StoreException e) {
                // Files that it had seen were gone when it came to them: refused, and may be tried again.
            }
            disk.finish();
            if (opener != null) {
                opener.commit(3);
            }
            holder.commit(4);
        }

        private boolean actAs(Opening holder) {
            try {
                if (checkpoint) {
                    holder.storage.checkpoint(holder.tree);
                }
                return holder.commit(1);
            } catch (IOException e) {
                return false;
            } finally {
                disk.holderEnds();
            }
        }

        void check(Random random) {
            new Crash(disk).some(random, 6, state -> {
                try {
                    CrashHarness.PLACE.prepare(new MemoryDisk(state.image()));
                    MemoryDisk left = new MemoryDisk(state.image());
                    HashMap<String, Object> tree = recoveredAsAdvised(left, settings);
                    for (int key = 0; key < 5; key++) {
                        if ((state.promised().acknowledged() & 1 << key) != 0) {
                            assertThat(tree.containsKey("k" + key))
                                    .as("commit %s in %s; %s, %s", key, tree, disk, state.name())
                                    .isTrue();
                        }
                    }
                } catch (IOException e) {
                    throw new AssertionError(disk + ", " + state.name(), e);
                }
            });
        }
    }

    /**
     * A holder that lost the store just before it gave the file its second name may give one to the next holder's file. A
     * crash right then is refused by the next opening until the other name is removed, as the message says.
     */
    private static HashMap<String, Object> recoveredAsAdvised(MemoryDisk disk, Settings settings) throws IOException {
        try {
            return recovered(new MemoryDisk(disk.image()), settings);
        } catch (StoreIOException e) {
            assertThat(e).hasMessageContaining("Remove the others");
            for (String name : disk.list(CrashHarness.PLACE.parent())) {
                if (name.contains(".external-")) {
                    disk.delete(CrashHarness.PLACE.parent().resolve(name));
                }
            }
            for (Path second : CrashHarness.PLACE.replaced()) {
                disk.delete(second);
            }
            return recovered(disk, settings);
        }
    }

    private static HashMap<String, Object> recovered(MemoryDisk disk, Settings settings) throws IOException {
        CrashHarness.PLACE.prepare(disk);
        HolderToken token = HolderToken.take(disk, CrashHarness.PLACE);
        return CrashHarness.recovery(token.disk(), token.place(), settings)
                .recover()
                .tree();
    }

    private static final class Opening {
        private final Duel duel;
        private final Storage storage;
        private HashMap<String, @Nullable Object> tree;
        private boolean stopped;

        Opening(Duel duel, boolean looking) throws IOException {
            this.duel = duel;
            CrashHarness.PLACE.prepare(duel.disk);
            HolderToken token = HolderToken.take(duel.disk, CrashHarness.PLACE);
            Recovery.Recovered recovered = CrashHarness.recovery(
                            looking ? token.disk() : duel.disk, token.place(), duel.settings)
                    .recover();
            this.storage = recovered.storage();
            this.tree = recovered.tree();
        }

        /** Whether it was acknowledged; after a failure nothing more is tried. */
        boolean commit(int key) {
            if (stopped) {
                return false;
            }
            HashMap<String, @Nullable Object> next = tree.put("k" + key, 1L);
            try {
                storage.write(List.of(CommitEdits.of(new Edit.Put(KeyPath.of("k" + key), 1L))), next);
                tree = next;
                duel.mask |= 1 << key;
                duel.disk.record(new Op.Note(duel.mask, 0, 0));
                return true;
            } catch (IOException e) {
                stopped = true;
                return false;
            }
        }
    }

    /** A disk on which two threads take turns, each stopped once before one of its operations. */
    private static final class SteppedDisk extends MemoryDisk {
        private final int holderStop;
        private final int openerStop;
        private final Semaphore paused = new Semaphore(0);
        private final Semaphore resumed = new Semaphore(0);
        private volatile @Nullable Thread holder;
        private volatile @Nullable Thread opener;
        private int holderSteps;
        private int openerSteps;
        private boolean holderEnded;
        private boolean holderReached;
        private boolean openerReached;
        /** Whether the second opening sees what the holder has written only once that is synced. */
        private boolean onlySynced;
        /** The files with unsynced bytes of the holder, as the second opening sees them. */
        private final Map<Integer, byte[]> synced = new ConcurrentHashMap<>();

        SteppedDisk(int holderStop, int openerStop) {
            super(CrashHarness.TOP);
            this.holderStop = holderStop;
            this.openerStop = openerStop;
        }

        private void step() {
            if (Thread.currentThread() == holder) {
                if (holderSteps++ == holderStop) {
                    holderReached = true;
                    paused.release();
                    resumed.acquireUninterruptibly();
                }
            } else if (Thread.currentThread() == opener && openerSteps++ == openerStop) {
                openerReached = true;
                letHolderFinish();
            }
        }

        /** Waits until the holder has stopped, or is through. */
        void awaitHolder() {
            paused.acquireUninterruptibly();
        }

        void holderEnds() {
            holderEnded = true;
            paused.release();
        }

        private void letHolderFinish() {
            if (!holderEnded) {
                resumed.release();
                paused.acquireUninterruptibly();
            }
        }

        void finish() {
            letHolderFinish();
            opener = null;
            holder = null;
        }

        @Override
        public void attempt(Op op) throws IOException {
            // Names are looked up and changed at once, so those stop before both.
            if (!(op instanceof Op.Name || op instanceof Op.Rename)) {
                step();
            }
            if (onlySynced && Thread.currentThread() == holder && op instanceof Op.Write write) {
                synced.putIfAbsent(write.inode(), image().bytes(write.inode()).clone());
            }
            super.attempt(op);
            if (op instanceof Op.Force force) {
                synced.remove(force.inode());
            }
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            step();
            return super.create(file, mode);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            step();
            super.rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            step();
            super.delete(file);
        }

        @Override
        public InputStream read(Path file) throws IOException {
            step();
            byte[] bytes = Thread.currentThread() == opener ? synced.get(image().find(file)) : null;
            return bytes == null ? super.read(file) : new ByteArrayInputStream(bytes);
        }

        @Override
        public @Nullable Attributes attributes(Path path) {
            step();
            return super.attributes(path);
        }

        @Override
        public @Nullable FileStamp stamp(Path path) {
            step();
            return super.stamp(path);
        }

        @Override
        public List<String> list(Path directory) {
            step();
            return super.list(directory);
        }

        @Override
        public String toString() {
            return "the holder stopped before its operation " + holderStop + ", the second opening before its "
                    + openerStop;
        }
    }
}
