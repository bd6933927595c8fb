package dev.heartwood.json.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tests of the crash tests: each fault in the protocol must be found by them. */
class PlantedFaultsTest {
    private static final int SMALL = 4_096;
    private static final int JOURNAL = 0;

    @Test
    void namesThatAreNotForcedAreFound() {
        Function<FileImage, MemoryDisk> disks = start -> new MemoryDisk(start) {
            @Override
            public void forceDirectory(Path directory) {}
        };
        assertFound(() -> smallStore(disks));
        assertFound(() -> checkpoint(disks, CrashHarness::recovery));
    }

    @Test
    void bytesThatAreAcknowledgedBeforeTheyAreForcedAreFound() {
        Function<FileImage, MemoryDisk> disks = start -> new MemoryDisk(start) {
            @Override
            void record(Op op) {
                if (!(op instanceof Op.Force force) || image().isDirectory(force.inode())) {
                    super.record(op);
                }
            }
        };
        assertFound(() -> smallStore(disks));
        assertFound(() -> checkpoint(disks, CrashHarness::recovery));
    }

    @Test
    void shortWritesWhoseSizeNobodyChecksAreFound() {
        Function<FileImage, MemoryDisk> disks = start -> new MemoryDisk(start) {
            @Override
            public Output create(Path file) throws IOException {
                return new ShortOutput(super.create(file));
            }
        };
        assertFound(() -> smallStore(disks));
    }

    @Test
    void aJournalReplayedOnAnotherBaseIsFound() {
        assertFound(() -> checkpoint(
                MemoryDisk::new,
                (disk, settings) ->
                        new Recovery(
                                disk,
                                CrashHarness.PLACE,
                                CrashHarness.FORMAT,
                                settings,
                                (kind, message, kept, cause) -> {}) {
                            @Override
                            boolean follows(JournalScan journal, Content content) {
                                return true;
                            }
                        }));
    }

    private static void smallStore(Function<FileImage, MemoryDisk> disks) throws IOException {
        CrashHarness store = new CrashHarness(SMALL, disks);
        store.commit(1, 600);
        store.commit(1, 10);
        store.crashEverywhere(new Random(1), 20, 0);
    }

    private static void checkpoint(Function<FileImage, MemoryDisk> disks, CrashHarness.Recoveries recoveries)
            throws IOException {
        CrashHarness store = new CrashHarness(JOURNAL, disks, recoveries);
        store.commit(2, 200);
        store.checkpoint();
        store.commit(2, 200);
        store.crashEverywhere(new Random(2), 50, 0);
    }

    private static void assertFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable crashTest) {
        assertThatThrownBy(crashTest).isInstanceOf(AssertionError.class);
    }

    /** Writes only a part of what is long, and says that it is all there. */
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
