package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.HoldableDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.json.Json;
import dev.heartwood.testkit.Hold;
import dev.heartwood.testkit.RootContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract suite on a file. */
abstract class FileRootContract extends RootContract {
    @TempDir
    Path directory;

    private final AtomicLong told = new AtomicLong();
    private final Settings settings;
    private final Map<Root, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(StoreLayout place, HoldableDisk disk) {}

    FileRootContract(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Root create(Map<String, ?> tree) throws IOException {
        Path file = Files.createTempDirectory(directory.toRealPath(), "root").resolve("state.json");
        Json.pretty(tree, file);
        return open(new StoreLayout(file));
    }

    private Root open(StoreLayout place) throws IOException {
        HoldableDisk disk = new HoldableDisk();
        Root root = FileRoot.open(new StoreContext(disk, place, CrashHarness.FORMAT, settings, Reporter.NOBODY));
        opened.put(root, new Opened(place, disk));
        return root;
    }

    @Override
    public Optional<Root> reopen(Root root) throws IOException {
        return Optional.of(open(opened.get(root).place));
    }

    @Override
    public Optional<Hold> hold(Root root) {
        return settings.mode() == Settings.Mode.SYNC
                ? Optional.of(opened.get(root).disk.hold())
                : Optional.empty();
    }

    @Override
    public boolean doubtNextCommit(Root root) {
        if (settings.mode() == Settings.Mode.SYNC) {
            opened.get(root).disk.doubt();
        }
        return settings.mode() == Settings.Mode.SYNC;
    }

    /** Not run again, as the suite has it: a disk that is full would be tried for ever. */
    @Test
    @Override
    public void whatIsTakenBackIsRunAgain() throws Exception {
        Root root = root(Map.of("a", 1));
        Optional<Hold> hold = hold(root);
        if (hold.isEmpty()) {
            return;
        }
        Store store = store(root);
        Snapshot start = root.visible();
        CountDownLatch told = new CountDownLatch(1);
        Thread writing = new Thread(() -> {
            assertThatThrownBy(() -> store.increment("a"))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll("was not written", "taken back by the test", "try again");
            told.countDown();
        });
        writing.start();
        while (root.head() == start) {
            Thread.sleep(1);
        }
        long takenBack = root.head().version();
        hold.get().takeBack();
        writing.join();
        assertThat(told.getCount()).isZero();
        assertThat(root.visible()).isSameAs(start);
        assertThat(store.increment("a")).isEqualTo(2L);
        assertThat(store.version()).isGreaterThan(takenBack);
    }

    @Test
    void aListenerOnTheCommittingThreadMayWaitForCommitsOfOthers() throws Exception {
        Store store = store(root(Map.of("a", 0, "b", 0)));
        closing(store.watch("a", Delivery.every(Runnable::run), update -> {
            // The publishing thread is in here: it must hold nothing that the others, or the disk, wait for.
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(() -> store.increment("b")),
                            CompletableFuture.runAsync(() -> store.increment("b")))
                    .join();
            assertThat(store.get("b", Long.class)).isGreaterThanOrEqualTo(2L);
            store.flush();
            told.incrementAndGet();
        }));
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writers.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 10; n++) {
                    store.increment("a");
                }
            }));
        }
        CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);
        while (told.get() < 30) {
            Thread.sleep(1);
        }
        assertThat(store.get("b")).isEqualTo(60L);
    }

    @Test
    void aListenerOnTheCommittingThreadMayCloseTheStore() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        store.watch("a", Delivery.every(Runnable::run), update -> store.close());
        assertThat(store.increment("a")).isEqualTo(1L);
        assertThatThrownBy(() -> store.get("a")).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void whatWasCommittedWhileTheStoreClosesIsToldAndAnswered() throws Exception {
        for (int round = 0; round < 30; round++) {
            Store store = store(root(Map.of("a", 0)));
            AtomicLong seen = new AtomicLong();
            AtomicLong answered = new AtomicLong();
            store.watch("a", Delivery.every(Runnable::run), update -> seen.set((Long) update.newValue()));
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                try {
                    for (; ; ) {
                        answered.set((Long) store.increment("a"));
                    }
                } catch (StoreClosedException e) {
                    // The end of it.
                }
            });
            Thread.sleep(2);
            Snapshot before = store.snapshot();
            store.close();
            writer.get(60, TimeUnit.SECONDS);
            assertThat(answered.get()).isGreaterThanOrEqualTo((Long) before.get("a"));
            // Each commit that was accepted, and no other, was answered and told.
            assertThat(seen).hasValue(answered.get());
        }
    }
}
