package dev.heartwood.file.checkpoint;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The hand-over between the thread of a checkpoint and the writer thread. The checkpoint's thread prepares files; the
 * writer thread takes them, and either installs or discards them; the checkpoint's thread then tidies up.
 *
 * <p>Each side owns the files, the copy of the journal and {@link TreeFile} from one of these calls to the next: the
 * checkpoint's thread until {@link #prepared(Object)}, the writer thread until {@link #decide}.
 *
 * @param <T> the prepared files
 */
final class CheckpointHandOver<T> {
    /**
     * The writer thread's decision.
     *
     * @param installed whether the file was replaced
     * @param large whether the new file is only written at checkpoints
     * @param failure the reason why the file was not replaced; null if it was, or if nobody wants the checkpoint any more
     */
    record Decision(
            boolean installed, boolean large, @Nullable Throwable failure) {}

    /** The volatile write comes after everything that was prepared, the volatile read before everything that uses it. */
    private volatile @Nullable T prepared;
    /** The latch is counted down after the decision and after the writer's last use of the files. */
    private final CountDownLatch decided = new CountDownLatch(1);

    private @Nullable Decision decision;
    private volatile boolean over;
    private @Nullable Throwable failure;

    /** The checkpoint's thread gives the files away. */
    void prepared(T files) {
        prepared = files;
    }

    /** The checkpoint's thread waits for the decision. */
    Decision awaitDecision() throws InterruptedException {
        decided.await();
        Decision made = decision;
        if (made == null) {
            throw new AssertionError("the latch is counted down after the decision");
        }
        return made;
    }

    /** The checkpoint's thread is done, and touches nothing any more. */
    void over(@Nullable Throwable why) {
        // Before the flag: a writer that sees the flag reads the reason.
        failure = why;
        over = true;
    }

    /** The files, for the writer thread; null while they are not prepared. */
    @Nullable
    T files() {
        return prepared;
    }

    /** The writer thread decides; its first decision counts. */
    void decide(Decision made) {
        if (!isDecided()) {
            // Before the latch: the checkpoint's thread reads this after the latch, and deletes the files that it
            // declares unneeded.
            decision = made;
            decided.countDown();
        }
    }

    boolean isDecided() {
        return decided.getCount() == 0;
    }

    boolean isOver() {
        return over;
    }

    /** The reason why the checkpoint failed; null if it did not, or is not over. */
    @Nullable
    Throwable failure() {
        return over ? failure : null;
    }
}
