package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thread sees its commit when the call returns. */
@Timeout(60)
class SettleTest {
    @Test
    void aCommitThatIsDurableBeforeItsCallerWaitsIsShownAllTheSame(@TempDir Path directory) throws Exception {
        StoreLayout place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        BlockingQueue<Thread> renamed = new LinkedBlockingQueue<>();
        ForwardingDisk disk = new ForwardingDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                if (to.equals(place.file())) {
                    renamed.add(Thread.currentThread());
                }
            }
        };
        FileRoot root = FileRoot.open(
                new StoreContext(disk, place, CrashHarness.FORMAT, CrashHarness.settings(1 << 16), Reporter.NOBODY));
        renamed.clear();
        Snapshot before = root.head();
        Snapshot after = root.timeline().state(root.nextVersion(before), HashMap.of("a", 1L));
        assertThat(root.compareAndSet(before, after, () -> List.of(new Edit.Put(KeyPath.of("a"), 1L))))
                .isTrue();
        Thread writer = renamed.take();
        // It rests, so the commit is durable, and known for that.
        while (writer.getState() != Thread.State.WAITING && writer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(root.settle(after)).isTrue();
        assertThat(root.timeline().newest()).isSameAs(after);
        root.close();
    }
}
