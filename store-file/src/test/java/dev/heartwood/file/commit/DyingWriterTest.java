package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Edit;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.json.Json;
import dev.heartwood.testsupport.StreamEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread that writes runs out of memory: callers get an answer all the same. */
@Timeout(60)
class DyingWriterTest {
    @TempDir
    Path directory;

    @Test
    void outOfMemoryBeforeAnythingIsWrittenFailsTheCommitAndNoMore() throws IOException {
        Starving disk = new Starving();
        StreamEnd stream = new StreamEnd();
        try (Store store = Store.over(open(disk, CrashHarness.settings(1 << 16)))) {
            store.put("a", 1);
            store.publisher(KeyPath.of("a"), Runnable::run).subscribe(stream);
            disk.inCreate = true;
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("was not written", "no memory");
            disk.inCreate = false;
            assertThat(store.get("a")).isEqualTo(1L);
            store.put("a", 3);
            assertThat(stream.elements()).hasSize(1);
            assertThat(stream.hasEnded()).isFalse();
        }
        assertThat(Json.read(file()).get("a").get()).isEqualTo(3L);
    }

    @Test
    void outOfMemoryWhereItIsUnclearWhatIsWrittenStopsTheStore() throws Exception {
        Starving disk = new Starving();
        try (Store store = Store.over(open(disk, CrashHarness.settings(1 << 16)))) {
            store.put("a", 1);
            StreamEnd stream = new StreamEnd();
            store.publisher(KeyPath.of("a")).subscribe(stream);
            disk.inForceDirectory = true;
            assertThatThrownBy(() -> store.put("a", 2))
                    .isInstanceOf(IndeterminateCommitException.class)
                    .hasMessageContainingAll("may or may not", "no memory");
            disk.inForceDirectory = false;
            assertThat(store.get("a")).isEqualTo(1L);
            assertThat(stream.awaitFailure()).hasMessageContainingAll("takes no more commits", "open it anew");
            assertThat(stream.elements()).isEmpty();
            assertThatThrownBy(() -> store.put("a", 3))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("takes no more commits", "open it anew");
        } catch (StoreIOException e) {
            assertThat(e).hasMessageContaining("no memory");
        }
        try (Store store = Store.over(open(new Starving(), CrashHarness.settings(1 << 16)))) {
            assertThat(store.get("a", Long.class)).isBetween(1L, 2L);
        }
    }

    @Test
    void withoutWaitingForTheDiskADeadWriterIsToldToTheNextCaller() throws Exception {
        Starving disk = new Starving();
        Settings settings = CrashHarness.settings(1 << 16).with(Settings.Mode.INTERVAL, Duration.ofMillis(5));
        Store store = Store.over(open(disk, settings));
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("a")).subscribe(stream);
        disk.inForceDirectory = true;
        store.put("a", 1);
        assertThatThrownBy(store::flush).isInstanceOf(StoreIOException.class).hasMessageContaining("no memory");
        assertThat(stream.awaitFailure()).hasMessageContaining("takes no more commits");
        assertThat(stream.elements()).as("what is visible was told before").hasSize(1);
        assertThat(store.get("a")).isEqualTo(1L);
        assertThatThrownBy(() -> store.put("a", 2)).hasMessageContaining("takes no more commits");
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        store.close();
        assertThatThrownBy(() -> store.get("a")).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void theStreamOfAStoreThatIsClosedAfterItsWriterDiedIsNotComplete() throws Exception {
        Starving disk = new Starving();
        Settings settings = CrashHarness.settings(1 << 16).with(Settings.Mode.INTERVAL, Duration.ofMillis(5));
        Store store = Store.over(open(disk, settings));
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("a")).subscribe(stream);
        disk.inForceDirectory = true;
        store.put("a", 1);
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
        assertThat(stream.awaitFailure()).hasMessageContaining("takes no more commits");
        assertThat(stream.elements()).hasSize(1);
    }

    @Test
    void aFlushThatFindsTheStoreLostEndsItsStreams() throws Exception {
        Store store = Store.over(open(new Starving(), CrashHarness.settings(1 << 16)));
        StreamEnd stream = new StreamEnd();
        store.put("a", 1);
        store.publisher(KeyPath.of("a"), Runnable::run).subscribe(stream);
        Files.delete(file().resolveSibling("state.json.d").resolve("holder"));
        assertThatThrownBy(store::flush).isInstanceOf(StoreIOException.class).hasMessageContaining("holder");
        assertThat(stream.hasEnded()).isTrue();
        assertThat(stream.awaitFailure()).hasMessageContaining("takes no more commits");
        assertThatThrownBy(store::close).isInstanceOf(StoreIOException.class);
    }

    /** A commit is durable before the thread that made it has published it; another thread finds the failure meanwhile. */
    @Test
    void aCommitThatIsDurableAndNotYetPublishedIsToldBeforeTheFailureEndsTheStream() throws Exception {
        Starving disk = new Starving();
        Root root = open(disk, CrashHarness.settings(1 << 16).withKeepCommits(1 << 20));
        try (Store store = Store.over(root)) {
            store.put("a", 1);
            StreamEnd stream = new StreamEnd();
            store.publisher(KeyPath.of("a"), Runnable::run).subscribe(stream);
            Edit edit = new Edit.Put(KeyPath.of("a"), 2L);
            Snapshot before = root.head();
            Snapshot after = root.timeline().state(root.nextVersion(before), edit.applyTo(Timeline.tree(before)));
            assertThat(root.compareAndSet(before, after, () -> List.of(edit))).isTrue();
            // It is logged after it counts as durable.
            Path log = file().resolveSibling("state.json.d").resolve("commits.jsonl");
            while (!Files.exists(log)
                    || !Files.readString(log).contains("\"version\":" + after.version() + ",\"after\"")) {
                Thread.sleep(1);
            }
            disk.inForceDirectory = true;
            assertThatThrownBy(() -> store.put("a", 3)).isInstanceOf(IndeterminateCommitException.class);
            assertThat(stream.awaitFailure()).hasMessageContaining("takes no more commits");
            assertThat(stream.elements()).hasSize(1);
            assertThat(store.get("a")).isEqualTo(2L);
        } catch (StoreIOException e) {
            assertThat(e).hasMessageContaining("no memory");
        }
    }

    private Root open(Disk disk, Settings settings) throws IOException {
        return FileRoot.open(
                new StoreContext(disk, new StoreLayout(file()), CrashHarness.FORMAT, settings, Reporter.NOBODY));
    }

    private Path file() throws IOException {
        return directory.toRealPath().resolve("state.json");
    }

    /** A disk whose operations run out of memory. */
    private static final class Starving extends ForwardingDisk {
        private volatile boolean inCreate;
        private volatile boolean inForceDirectory;

        @Override
        public Output create(Path file, int mode) throws IOException {
            if (inCreate) {
                throw new OutOfMemoryError("no memory");
            }
            return super.create(file, mode);
        }

        @Override
        public void forceDirectory(Path place) throws IOException {
            if (inForceDirectory) {
                throw new OutOfMemoryError("no memory");
            }
            super.forceDirectory(place);
        }
    }
}
