package dev.heartwood.file.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMark.JournalState;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Single looks of a follower, on this thread. */
class FollowerTest extends JsonFileCase {
    private final List<String> told = new ArrayList<>();

    private Follower follower(Path of) throws IOException {
        return follower(new ForwardingDisk(), of);
    }

    private Follower follower(Disk disk, Path of) throws IOException {
        return follower(disk, of, 0);
    }

    private Follower follower(Disk disk, Path of, long patience) throws IOException {
        Reporter reporter = (kind, message, kept, cause) -> told.add(message);
        return new Follower(
                new StoreContext(disk, new StoreLayout(of), CrashHarness.FORMAT, CrashHarness.settings(0), reporter),
                patience);
    }

    private static Snapshot seen(Follower follower) throws IOException {
        follower.refresh();
        return follower.timeline().newest();
    }

    private static Path mark(Path of) {
        return new StoreLayout(of).durable();
    }

    /** Gives the mark another state, as the program that has the file open would. */
    private static void mark(Path of, String id, long commits, String texts) throws IOException {
        DurableMark last = DurableMark.parse(Files.readAllBytes(mark(of)));
        assertThat(last).isNotNull();
        JournalState state = (JournalState) last.state();
        DurableMark next = new DurableMark(
                last.opening(),
                last.boot(),
                last.number(),
                new JournalState(id == null ? state.id() : id, commits),
                texts == null ? last.texts() : texts);
        Files.write(mark(of), next.bytes());
    }

    private static Path journalOf(Path of) throws IOException {
        return only(new StoreLayout(of).directory(), "journal-");
    }

    @Test
    void aStoreThatIsBackAtAnEarlierCommitOfTheSameJournalIsShownSoAndTold() throws IOException {
        Path crashed = crashedJournal();
        Follower follower = follower(crashed);
        assertThat(seen(follower).get("count")).isEqualTo(2L);
        mark(crashed, null, 1, null);
        assertThat(seen(follower).get("count")).isEqualTo(1L);
        assertThat(told).singleElement().asString().contains("went back to an earlier state");
    }

    @Test
    void aMarkThatNamesTheSameCommitsOnceMoreIsNoWayBack() throws IOException {
        Path crashed = crashedJournal();
        Follower follower = follower(crashed);
        mark(crashed, null, 2, "");
        assertThat(seen(follower).get("count")).isEqualTo(2L);
        assertThat(told).isEmpty();
    }

    @Test
    void commitsAreReadOnWhereTheLastLookEnded() throws IOException {
        try (Store holder = journal.open(file)) {
            holder.put("list", List.of());
            Follower follower = follower(file);
            for (int i = 1; i <= 3; i++) {
                Store author = holder.as("author " + i);
                author.put("key " + i, i);
                author.append("list", i);
                author.put("n", i);
                long before = follower.timeline().newest().version();
                Snapshot seen = seen(follower);
                // One state for each commit, and none of them twice.
                assertThat(seen.version() - before).isEqualTo(3);
                assertThat(seen.toMap()).isEqualTo(holder.toMap());
                assertThat(seen.origin().author()).isEqualTo("author " + i);
            }
        }
    }

    @Test
    void whatAMarkNamesAndTheJournalLacksFailsEachLook() throws IOException {
        Path crashed = crashedJournal();
        Follower follower = follower(crashed);
        mark(crashed, null, 3, null);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(follower::refresh).hasMessageContaining("lacks commit 3");
        }
        assertThat(follower.timeline().newest().get("count")).isEqualTo(2L);
    }

    @Test
    void aCommitThatIsNotTheNextOneIsNotShown() throws IOException {
        Path crashed = crashedJournal();
        Path log = journalOf(crashed);
        List<String> lines = Files.readAllLines(log);
        Files.writeString(log, lines.get(0) + "\n" + lines.get(2) + "\n");
        mark(crashed, null, 1, null);
        assertThatThrownBy(() -> follower(crashed)).hasMessageContaining("lacks commit 1");
    }

    @Test
    void aJournalThatTheMarkDoesNotNameIsNotShown() throws IOException {
        Path crashed = crashedJournal();
        mark(crashed, "0123456789abcdef", 1, null);
        assertThatThrownBy(() -> follower(crashed)).hasMessageContaining("is not the journal that its holder writes");
    }

    @Test
    void anEditThatLeavesTheSizeOfTheFileIsNotShownNorADamagedCopy() throws IOException {
        Files.writeString(file, "{\"by\": \"us\"}");
        Path crashed = crashedJournal();
        Files.writeString(crashed, "{\"by\": \"me\"}");
        assertThat(seen(follower(crashed)).get("by")).isEqualTo("us");
        Path copy = only(new StoreLayout(crashed).directory(), "generation-");
        Files.writeString(copy, "{\"by\": \"no\"}");
        assertThatThrownBy(() -> follower(crashed)).hasMessageContaining(copy + " is damaged");
    }

    @Test
    void aFileThatCannotBeReadFailsEachLookUntilItCan() throws IOException {
        Files.writeString(file, "{\"n\": 1}");
        Files.createDirectory(new StoreLayout(file).directory());
        Follower follower = follower(file);
        write("{\"n\": ", 1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(follower::refresh).hasMessageContaining("state.json");
        }
        write("{\"n\": 2}", 2);
        for (int i = 0; i < 3; i++) {
            assertThat(seen(follower).get("n")).isEqualTo(2L);
        }
    }

    /** At a time that is long ago for the clock of the file system. */
    private void write(String text, int minute) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + minute * 60_000L));
    }

    @Test
    void theMarkOfTheNextOpeningCounts() throws IOException {
        FollowedMark marks = new FollowedMark(new ForwardingDisk(), new StoreLayout(file));
        for (int i = 0; i < 2; i++) {
            try (Store holder = journal.open(file)) {
                holder.put("n", i);
                assertThat(marks.read()).isNotNull();
            }
            assertThat(marks.read()).isNull();
        }
    }

    /** It is written over the one before. */
    @Test
    void aMarkThatIsJustBeingWrittenIsReadOnceMore() throws IOException {
        Path crashed = crashedJournal();
        AtomicInteger reads = new AtomicInteger();
        Disk disk = new ForwardingDisk() {
            @Override
            public InputStream read(Path path) throws IOException {
                return path.equals(mark(crashed)) && reads.getAndIncrement() < 2
                        ? new ByteArrayInputStream(new byte[] {'{', '\n'})
                        : super.read(path);
            }
        };
        assertThat(new FollowedMark(disk, new StoreLayout(crashed)).read()).isNotNull();
    }

    @Test
    void theFilesAreOthersWhenOneOfThemIs() throws IOException {
        Path crashed = crashedJournal();
        StoreLayout place = new StoreLayout(crashed);
        Disk disk = new ForwardingDisk();
        FilesSeen before = FilesSeen.in(disk, place);
        assertThat(FilesSeen.in(disk, place)).isEqualTo(before).hasSameHashCodeAs(before);
        for (Path path : List.of(crashed, place.holder(), place.durable(), journalOf(crashed))) {
            Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L));
            FilesSeen after = FilesSeen.in(disk, place);
            assertThat(after).as(path.toString()).isNotEqualTo(before);
            before = after;
        }
    }

    /** As on a file system that is mounted read-only, or where the directory may be entered and not read. */
    @Test
    void aReaderThatMayWriteNothingNeedsNoSyncs() throws IOException {
        Files.writeString(file, "{\"n\": 1}");
        AtomicBoolean writable = new AtomicBoolean();
        Disk disk = new ForwardingDisk() {
            @Override
            public void forceDirectory(Path directory) throws IOException {
                throw new IOException("Invalid argument");
            }

            @Override
            public boolean isWritable(Path path) {
                return writable.get();
            }
        };
        assertThat(follower(disk, file).timeline().newest().get("n")).isEqualTo(1L);
        writable.set(true);
        assertThatThrownBy(() -> follower(disk, file)).hasStackTraceContaining("Invalid argument");
    }

    /** The program that has it open may have written it just now, and not synced its name yet. */
    @Test
    void aFileIsShownOnceItsNameIsDurable() throws IOException {
        Files.writeString(file, "{\"n\": 1}");
        List<Path> synced = new ArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public void forceDirectory(Path directory) throws IOException {
                super.forceDirectory(directory);
                synced.add(directory);
            }
        };
        assertThat(follower(disk, file).timeline().newest().get("n")).isEqualTo(1L);
        assertThat(synced).contains(directory);
    }

    /** The file is that of a later commit than the mark by the time that it is read. */
    @Test
    void aHolderThatIsBetweenTwoStepsFailsNoLook() throws IOException {
        try (Store holder = options.open(file)) {
            AtomicInteger late = new AtomicInteger();
            Disk disk = new ForwardingDisk() {
                @Override
                public byte[] bytes(Path path) throws IOException {
                    byte[] bytes = super.bytes(path);
                    if (path.endsWith("durable") && late.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        holder.increment("n", 1);
                    }
                    return bytes;
                }
            };
            Follower follower = follower(disk, file, TimeUnit.SECONDS.toNanos(20));
            late.set(3);
            holder.put("n", 10);
            assertThat(seen(follower).get("n")).isEqualTo(13L);
        }
    }

    /** Whoever asks for the newest state must not be shown the one before that holder's commits. */
    @Test
    void aHolderThatComesWhileTheFilesAreReadFailsThatLookAndTheNextOneFollowsIt() throws IOException {
        options.open(file).close();
        List<Store> holder = new ArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public InputStream read(Path path) throws IOException {
                InputStream in = super.read(path);
                if (path.equals(file)
                        && holder.isEmpty()
                        && Files.readString(file).contains("by hand")) {
                    holder.add(options.open(file));
                    holder.get(0).put("n", 2);
                }
                return in;
            }
        };
        Follower follower = follower(disk, file);
        Follower patient = follower(disk, file, TimeUnit.SECONDS.toNanos(20));
        Files.writeString(file, "{\"by hand\": 1}");
        assertThatThrownBy(follower::refresh).hasMessageContaining("was opened by another program");
        try (Store open = holder.get(0)) {
            assertThat(seen(follower).get("n")).isEqualTo(2L);
            assertThat(open.get("n")).isEqualTo(2L);
        }
        holder.clear();
        Files.writeString(file, "{\"by hand\": 2}");
        assertThat(seen(patient).get("n")).isEqualTo(2L);
        holder.get(0).close();
    }

    /** It may be what its holder writes just then. */
    @Test
    void aFileIsNotWhatItsMarkNamesForASecondBeforeItCountsWithoutThat() throws Exception {
        Path crashed = crashedFile();
        Follower follower = follower(crashed);
        String text = Files.readString(crashed);
        Files.writeString(crashed, "{\"n\": 2}");
        assertThat(seen(follower).get("n")).isEqualTo(1L);
        Files.writeString(crashed, text);
        // That was the end of the second that had begun.
        assertThat(seen(follower).get("n")).isEqualTo(1L);
        Thread.sleep(TimeUnit.NANOSECONDS.toMillis(MarkedStateReader.LEFT_BEHIND_NANOS) + 10);
        Files.writeString(crashed, "{\"n\": 3}");
        assertThat(seen(follower).get("n")).isEqualTo(1L);
        Thread.sleep(TimeUnit.NANOSECONDS.toMillis(MarkedStateReader.LEFT_BEHIND_NANOS) + 10);
        assertThat(seen(follower).get("n")).isEqualTo(3L);
    }

    @Test
    void noTimeMakesUpForCommitsThatAJournalLacks() throws Exception {
        Path crashed = crashedJournal();
        Follower follower = follower(crashed);
        mark(crashed, null, 3, null);
        assertThatThrownBy(follower::refresh).hasMessageContaining("lacks commit 3");
        Thread.sleep(TimeUnit.NANOSECONDS.toMillis(MarkedStateReader.LEFT_BEHIND_NANOS) + 10);
        assertThatThrownBy(follower::refresh).hasMessageContaining("lacks commit 3");
    }

    /** A small file as a crash leaves it. */
    private Path crashedFile() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = options.open(file)) {
            store.put("n", 1);
            copyAll(copy);
        }
        return copy.resolve("state.json");
    }

    /** The program that had it open may have been killed between a write and its sync. */
    @Test
    void theCommitsOfAJournalAreReadOnceTheyAreDurable() throws IOException {
        Path crashed = crashedJournal();
        List<Path> synced = new ArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public void forceDirectory(Path directory) throws IOException {
                super.forceDirectory(directory);
                synced.add(directory);
            }
        };
        ReadOnlyRoot root = ReadOnlyRoot.open(new StoreContext(
                disk, new StoreLayout(crashed), CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY));
        assertThat(root.head().get("count")).isEqualTo(2L);
        assertThat(synced).contains(journalOf(crashed));
    }

    @Test
    void whoClosesAFollowerIsToldSoAndItsThreadEnds() throws Exception {
        Path crashed = crashedJournal();
        Set<Thread> before = looking();
        Store follower = options.follow().open(crashed);
        Set<Thread> looks = looking();
        looks.removeAll(before);
        follower.close();
        assertThatThrownBy(() -> follower.put("n", 1)).isInstanceOf(StoreClosedException.class);
        for (Thread look : looks) {
            look.join(20_000);
            assertThat(look.isAlive()).isFalse();
        }
    }

    private static Set<Thread> looking() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("heartwood follow"))
                .collect(Collectors.toSet());
    }
}
