package dev.heartwood.file.edits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single looks at a file that a person edits. {@code finish} looks twice, on this thread. */
@Timeout(30)
class EditMergerTest {
    private final HandEdits edits = new HandEdits();
    private final AtomicInteger noticed = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();
    private final List<Long> asked = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Store store = Store.create();
    private volatile boolean isDurable = true;
    private ForwardingDisk disk = new ForwardingDisk();
    private Duration patience = Duration.ofMinutes(1);
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        store.put("a", 1);
        stands("{\"a\": 1}");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEditBecomesACommitAndIsSettled() throws IOException {
        save("{\"a\": 2}");
        look();
        assertThat(store.get("a")).isEqualTo(2L);
        assertThat(verdict().refusal()).isNull();
        assertThat(settled).hasValue(1);
    }

    /** Some editors delete the file before they write it. */
    @Test
    void aFileThatHasBeenAwayForAMomentIsNotDeleted() throws IOException {
        Files.delete(place.file());
        look();
        assertThat(settled).hasValue(0);
        patience = Duration.ofNanos(1);
        look();
        assertThat(verdict().refusal()).contains("was deleted");
    }

    @Test
    void aTextThatIsNoJsonYetIsLeftAloneForAMoment() throws IOException {
        save("{\"a\":");
        look();
        assertThat(settled).hasValue(0);
        patience = Duration.ofNanos(1);
        look();
        assertThat(verdict().refusal()).contains("cannot be read");
    }

    @Test
    void theWriterIsToldOfATextThatIsNotOursUntilItWaits() throws IOException {
        look();
        assertThat(noticed).hasValue(0);
        save("{\"a\":");
        look();
        assertThat(noticed).hasPositiveValue();
        edits.waiting(true);
        noticed.set(0);
        look();
        assertThat(noticed).hasValue(0);
    }

    @Test
    void theWriterIsToldOfAFileThatIsGone() throws IOException {
        Files.delete(place.file());
        look();
        assertThat(noticed).hasPositiveValue();
    }

    /** A slow editor: each look finds another part of its text. */
    @Test
    void theWriterIsToldOfAFileThatIsBeingWritten() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        disk = new ForwardingDisk() {
            @Override
            public FileStamp stamp(Path path) throws IOException {
                if (path.equals(place.file())) {
                    save("{\"a\":" + " ".repeat(looks.incrementAndGet()));
                }
                return super.stamp(path);
            }
        };
        look();
        assertThat(noticed).hasPositiveValue();
    }

    @Test
    void theWriterIsToldOfAnUnfinishedTextWithinTheTickOfOurOwnWrite() throws IOException {
        FileTime time = Files.getLastModifiedTime(place.file());
        save("{\"a\": 1 ");
        Files.setLastModifiedTime(place.file(), time);
        assertThat(edits.isOurs(stamp())).isTrue();
        look();
        assertThat(noticed).hasPositiveValue();
    }

    /** A file system dates two writes within one tick of its clock alike. */
    @Test
    void anEditThatWasSavedWithinTheTickOfOurOwnWriteIsFound() throws IOException {
        FileTime time = Files.getLastModifiedTime(place.file());
        save("{\"a\": 2}");
        Files.setLastModifiedTime(place.file(), time);
        assertThat(edits.isOurs(stamp())).isTrue();
        look();
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void aFileThatIsBeingWrittenIsNotRead() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        disk = new ForwardingDisk() {
            @Override
            public FileStamp stamp(Path path) throws IOException {
                if (path.equals(place.file()) && looks.incrementAndGet() == 2) {
                    save("{\"a\": 300}");
                }
                return super.stamp(path);
            }
        };
        save("{\"a\": 20}");
        look();
        assertThat(store.get("a")).isEqualTo(1L);
    }

    /** The writer thread saw an edit that was taken back before it could be read. */
    @Test
    void aWriterThatWaitsIsToldThatTheFileIsOursAgain() {
        edits.waiting(true);
        look();
        assertThat(settled).hasPositiveValue();
    }

    @Test
    void anEarlierTextThatIsSavedAgainTakesNothingBack() throws IOException {
        store.put("a", 2);
        stands("{\"a\": 2}");
        save("{\"a\": 1}");
        look();
        assertThat(store.get("a")).isEqualTo(2L);
        assertThat(verdict().refusal()).contains("some commits ago");
    }

    @Test
    void ofTwoTextsThatAnEditDiffersFromAlikeItsBaseIsTheOneThatStands() throws IOException {
        store.put("a", 2);
        stands("{\"a\": 2}");
        save("{\"a\": 3}");
        look();
        assertThat(store.get("a")).isEqualTo(3L);
    }

    @Test
    void aFileThatWasOnlyTouchedIsOursAndReadOnce() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        disk = new ForwardingDisk() {
            @Override
            public InputStream read(Path file) throws IOException {
                reads.incrementAndGet();
                return super.read(file);
            }
        };
        Files.setLastModifiedTime(place.file(), FileTime.fromMillis(1_600_000_000_000L));
        assertThat(edits.isOurs(stamp())).isFalse();
        EditMerger merger = merger();
        for (int i = 0; i < 3; i++) {
            merger.finish();
        }
        assertThat(edits.isOurs(stamp())).isTrue();
        assertThat(reads).hasValue(1);
        assertThat(settled).hasValue(0);
    }

    @Test
    void anEditIsSettledOnlyWhenItsCommitIsDurable() throws IOException {
        isDurable = false;
        save("{\"a\": 2}");
        EditMerger merger = merger();
        merger.finish();
        merger.finish();
        assertThat(store.get("a")).isEqualTo(2L);
        assertThat(settled).hasValue(0);
        assertThat(asked).isNotEmpty().containsOnly(store.version());
        isDurable = true;
        merger.finish();
        assertThat(settled).hasValue(1);
    }

    @Test
    void theNextEditIsTakenThoughTheOneBeforeIsNotDurableYet() throws IOException {
        isDurable = false;
        EditMerger merger = merger();
        save("{\"a\": 2}");
        merger.finish();
        save("{\"a\": 2, \"b\": 3}");
        merger.finish();
        assertThat(store.toMap()).hasToString("{a=2, b=3}");
    }

    @Test
    void anEditThatIsRefusedIsSettledWithItsReason() throws IOException {
        try (Store guarded = Store.options()
                .guard("odd", KeyPath.of("a"), view -> view.getOrDefault("a", Long.class, 1L) % 2 != 0)
                .create()) {
            guarded.put("a", 1);
            save("{\"a\": 2}");
            merger(guarded).finish();
            assertThat(guarded.get("a")).isEqualTo(1L);
        }
        assertThat(verdict().refusal()).contains("is refused", "odd");
    }

    @Test
    void anEditOfWhatWasChangedHereTooIsSettledWithItsReason() throws IOException {
        store.put("a", 2);
        save("{\"a\": 3}");
        look();
        assertThat(store.get("a")).isEqualTo(2L);
        assertThat(verdict().refusal()).contains("changes what was changed here, too");
    }

    /** The file could not be written when the edit was settled. */
    @Test
    void theWriterIsToldOnceASecondThatTheTextIsSettled() throws Exception {
        save("{\"a\": 2}");
        EditMerger merger = merger();
        merger.finish();
        merger.finish();
        assertThat(settled).hasValue(1);
        Thread.sleep(1_010); // the time between two news
        merger.finish();
        assertThat(settled).hasValue(2);
    }

    /** A full disk, for example. */
    @Test
    void anEditThatCannotBeCommittedForNowStaysInTheFile(@TempDir Path other) throws IOException {
        Files.writeString(other.resolve("other.json"), "{\"a\": 1}");
        save("{\"a\": 2}");
        try (Store refusing = JsonFile.options().readOnly().open(other.resolve("other.json"))) {
            merger(refusing).finish();
        }
        assertThat(edits.verdict(disk, place.file())).isNull();
        assertThat(settled).hasValue(0);
    }

    @Test
    void afterEachTroubleItGoesOnAndEachIsReported() throws Exception {
        AtomicInteger failing = new AtomicInteger();
        disk = new ForwardingDisk() {
            @Override
            public FileStamp stamp(Path path) throws IOException {
                if (failing.getAndDecrement() > 0) {
                    throw new IOException("planted");
                }
                return super.stamp(path);
            }
        };
        EditMerger merger = merger();
        merger.start();
        for (long value = 2; value <= 3; value++) {
            int before = told.size();
            failing.set(1);
            while (told.size() == before) {
                Thread.sleep(5);
            }
            save("{\"a\": " + value + "}");
            long expected = value;
            store.await(view -> Long.valueOf(expected).equals(view.get("a")), Duration.ofSeconds(20));
        }
        merger.finish();
        assertThat(told).hasSize(2).allMatch(message -> message.contains("cannot be merged for now: planted"));
    }

    @Test
    void onlyACommitOfTheMergerIsTheMergeOfAText() {
        ContentDigest text = ContentDigest.of("{}".getBytes(UTF_8));
        String label = "edited by hand, sha256:" + text.sha256();
        assertThat(EditMerger.isMergeOf(Origin.of(EditMerger.AUTHOR, label, null), text))
                .isTrue();
        assertThat(EditMerger.isMergeOf(Origin.of("somebody", label, null), text))
                .isFalse();
        assertThat(EditMerger.isMergeOf(Origin.of(EditMerger.AUTHOR, "edited by hand", null), text))
                .isFalse();
    }

    private void look() {
        merger().finish();
    }

    private EditMerger merger() {
        return merger(store);
    }

    private EditMerger merger(Store into) {
        StoreContext context = new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(0).withMergeEdits(patience),
                (kind, message, kept, cause) -> told.add(message));
        LongPredicate durable = version -> {
            asked.add(version);
            return isDurable;
        };
        return new EditMerger(
                context, edits, into, durable, version -> {}, noticed::incrementAndGet, settled::incrementAndGet);
    }

    private HandEdits.Verdict verdict() throws IOException {
        HandEdits.Verdict known = edits.verdict(disk, place.file());
        assertThat(known).isNotNull();
        return known;
    }

    private FileStamp stamp() throws IOException {
        FileStamp stamp = disk.stamp(place.file());
        assertThat(stamp).isNotNull();
        return stamp;
    }

    private void save(String text) throws IOException {
        Files.writeString(place.file(), text);
    }

    /** As the writer thread writes it; some seconds ago, for the clock of the file system. */
    private void stands(String text) throws IOException {
        Files.writeString(place.file(), text);
        Files.setLastModifiedTime(place.file(), FileTime.fromMillis(1_700_000_000_000L + text.hashCode() % 1_000));
        Disk real = new ForwardingDisk();
        edits.stands(new HandEdits.Text(
                ContentDigest.of(text.getBytes(UTF_8)),
                CrashHarness.FORMAT.read(text.getBytes(UTF_8)),
                real.stamp(place.file())));
    }
}
