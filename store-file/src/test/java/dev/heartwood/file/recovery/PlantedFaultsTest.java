package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.Op;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.recovery.InvariantBroken.Invariant;
import dev.heartwood.file.text.ContentDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests of the crash tests: each fault in the protocol must be found by them. */
class PlantedFaultsTest {
    private static final int SMALL = 4_096;
    private static final int JOURNAL = 0;

    /** From when on the disk is at fault: the store was sound until then. */
    private boolean armed;

    @Test
    void namesThatAreNotForcedAreFound() {
        Function<FileImage, MemoryDisk> disks = start -> new MemoryDisk(start) {
            @Override
            public void forceDirectory(Path directory) throws IOException {
                if (!armed) {
                    super.forceDirectory(directory);
                }
            }
        };
        assertFound(Invariant.ACKNOWLEDGED, () -> smallStore(disks));
        // The next file has its name, and the journal that follows it has none: as if somebody had edited the file.
        assertFound(Invariant.OPENS, () -> checkpoint(disks, CrashHarness::recovery));
    }

    @Test
    void bytesThatAreAcknowledgedBeforeTheyAreForcedAreFound() {
        Function<FileImage, MemoryDisk> disks = start -> new MemoryDisk(start) {
            @Override
            public void record(Op op) {
                if (!armed || !(op instanceof Op.Force force) || image().isDirectory(force.inode())) {
                    super.record(op);
                }
            }
        };
        assertFound(Invariant.PARSES, () -> smallStore(disks));
        assertFound(Invariant.ACKNOWLEDGED, () -> journal(disks));
    }

    @Test
    void shortWritesWhoseSizeNobodyChecksAreFound() {
        Function<FileImage, MemoryDisk> disks = start -> new MemoryDisk(start) {
            @Override
            public Output create(Path file, int mode) throws IOException {
                return armed ? new ShortOutput(super.create(file, mode)) : super.create(file, mode);
            }
        };
        assertFound(Invariant.PARSES, () -> smallStore(disks));
    }

    @Test
    void aJournalReplayedOnAnotherBaseIsFound() {
        // The empty journal that is made ahead of the next file passes for the live one.
        assertFound(
                Invariant.ACKNOWLEDGED,
                () -> checkpoint(
                        MemoryDisk::new,
                        (disk, place, settings) ->
                                new Recovery(
                                        new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY)) {
                                    @Override
                                    boolean follows(JournalScan journal, ContentDigest content) {
                                        return true;
                                    }
                                }));
    }

    private void smallStore(Function<FileImage, MemoryDisk> disks) throws IOException {
        armed = false;
        CrashHarness store = new CrashHarness(SMALL, disks);
        store.commit(1, 600);
        armed = true;
        store.commit(1, 10);
        armed = false;
        store.crashEverywhere(new Random(1), 20, 0);
    }

    private void journal(Function<FileImage, MemoryDisk> disks) throws IOException {
        armed = false;
        CrashHarness store = new CrashHarness(JOURNAL, disks);
        store.commit(1, 10);
        armed = true;
        store.commit(1, 10);
        armed = false;
        store.crashEverywhere(new Random(1), 20, 0);
    }

    private void checkpoint(Function<FileImage, MemoryDisk> disks, CrashHarness.Recoveries recoveries)
            throws IOException {
        armed = false;
        CrashHarness store = new CrashHarness(JOURNAL, disks, recoveries);
        store.commit(2, 200);
        armed = true;
        store.checkpoint();
        store.commit(2, 200);
        armed = false;
        store.crashEverywhere(new Random(2), 50, 0);
    }

    private static void assertFound(Invariant broken, ThrowingCallable crashTest) {
        assertThatThrownBy(crashTest)
                .isInstanceOfSatisfying(
                        InvariantBroken.class,
                        found -> assertThat(found.invariant())
                                .as(found.getMessage())
                                .isEqualTo(broken));
    }

    /** Writes only a part of a long text, and reports success. */
    private static final class ShortOutput extends ForwardingOutput {
        private static final int TAKEN = 300;

        private long claimed;

        ShortOutput(Disk.Output out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int length, long position) throws IOException {
            claimed = Math.max(claimed, position + length);
            super.write(bytes, Math.min(TAKEN, length), position);
        }

        @Override
        public long size() {
            return claimed;
        }
    }
}
