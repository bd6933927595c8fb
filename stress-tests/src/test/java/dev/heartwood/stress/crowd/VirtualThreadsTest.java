package dev.heartwood.stress.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads on one store, where the JDK has them. */
class VirtualThreadsTest {
    private static final int THREADS = 10_000;
    private static final KeyPath HITS = KeyPath.of("stats", "hits");

    @TempDir
    private Path directory;

    @Test
    void tenThousandCountExactlyAndNoneOfThemPinsItsCarrier() throws Exception {
        Store store = Store.of(Map.of("stats", Map.of("hits", 0), "own", Map.of(), "sum", 0));

        List<RecordedEvent> pinned = pinnedDuring(THREADS, number -> work(store, number));

        assertThat(store.get(HITS, Integer.class)).isEqualTo(THREADS);
        assertThat(store.size("own")).isEqualTo(THREADS);
        assertThat(store.get("sum", Integer.class)).isEqualTo(THREADS / 100);
        assertThat(pinned).isEmpty();
    }

    /**
     * The test above can fail: a thread that waits in a static initialiser pins its carrier, and the recording shows
     * it.
     */
    @Test
    void oneThatPinsItsCarrierIsSeen() throws Exception {
        assertThat(pinnedDuring(1, number -> Pinning.TIMES + number)).isNotEmpty();
    }

    /** A count, a key of its own, and now and then a batch that takes long enough to claim the right of way. */
    private static Object work(Store store, int number) {
        store.increment(HITS);
        store.put(KeyPath.of("own", "t" + number), number);
        if (number % 100 == 0) {
            store.batch(tx -> {
                int sum = tx.get("sum", Integer.class);
                LockSupport.parkNanos(500_000);
                tx.put("sum", sum + 1);
            });
        }
        return number;
    }

    private List<RecordedEvent> pinnedDuring(int threads, Work work) throws Exception {
        ExecutorService executor = virtualThreads();
        Path file = directory.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.start();
            List<Future<Object>> working = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                Callable<Object> task = () -> work.of(number);
                working.add(executor.submit(task));
            }
            for (Future<Object> task : working) {
                Object ignored = task.get(120, TimeUnit.SECONDS);
            }
            recording.stop();
            recording.dump(file);
        } finally {
            executor.shutdown();
        }
        List<RecordedEvent> pinned = new ArrayList<>(RecordingFile.readAllEvents(file));
        pinned.removeIf(event -> !event.getEventType().getName().equals("jdk.VirtualThreadPinned")
                || !String.valueOf(event.getStackTrace()).contains("dev.heartwood")
                || loadsAClass(event));
        return pinned;
    }

    /** The first use of a class pins the virtual thread, even for a class of the JDK or a library. */
    private static boolean loadsAClass(RecordedEvent event) {
        RecordedFrame top = event.getStackTrace().getFrames().get(0);
        return top.getMethod().getType().getName().contains("ClassLoader")
                || (event.hasField("pinnedReason")
                        && String.valueOf(event.getString("pinnedReason")).contains("initialization of"));
    }

    /** By reflection: the tests are compiled for a JDK that has none. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 21, "this JDK has no virtual threads");
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private interface Work {
        Object of(int number);
    }

    private static final class Pinning {
        static final int TIMES = parked();

        private static int parked() {
            LockSupport.parkNanos(20_000_000);
            return 1;
        }
    }
}
