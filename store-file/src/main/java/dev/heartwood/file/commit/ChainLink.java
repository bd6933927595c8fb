package dev.heartwood.file.commit;

import dev.heartwood.Edit;
import dev.heartwood.Origin;
import dev.heartwood.Snapshot;
import dev.heartwood.file.journal.CommitWeight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An accepted commit. Commits that are not durable yet are linked by {@link #previous}. */
sealed class ChainLink permits ChainLink.End {
    private static final VarHandle STATE = handle("state");
    private static final VarHandle BEFORE = handle("before");

    final long version;
    final List<Edit> edits;
    /** Kept beside the state, which is released sooner. */
    final Origin origin;
    /** About how many bytes of memory all commits of the chain have kept so far, this one and the settled included. */
    final long total;
    /** An upper bound of the size of the file with this state, in bytes. */
    final long fileBytes;
    /** Null once {@link #forget forgotten}, as is {@link #before}. */
    volatile @Nullable Snapshot state;

    volatile @Nullable Snapshot before;
    /**
     * The commit that this one builds on, while this one is not durable. Only the writer thread reads and clears it.
     */
    @Nullable
    ChainLink previous;

    private ChainLink(
            Snapshot before,
            Snapshot state,
            List<Edit> edits,
            long total,
            long fileBytes,
            @Nullable ChainLink previous) {
        this.version = state.version();
        this.edits = edits;
        this.origin = state.origin();
        this.total = total;
        this.fileBytes = fileBytes;
        this.previous = previous;
        // Plain writes: nobody else has the node before the compare-and-set that puts it into the chain. Volatile
        // writes would be the most expensive part of a commit that waits for no sync.
        STATE.set(this, state);
        BEFORE.set(this, before);
    }

    private ChainLink(ChainLink last) {
        this.version = last.version;
        this.edits = List.of();
        this.origin = last.origin;
        this.total = last.total;
        this.fileBytes = last.fileBytes;
    }

    /** A state that is durable. */
    static ChainLink durable(Snapshot state, long total, long fileBytes) {
        return new ChainLink(state, state, List.of(), total, fileBytes, null);
    }

    /** A state that is to become durable after {@code previous}, which holds {@code before}. */
    static ChainLink after(ChainLink previous, Snapshot before, Snapshot state, List<Edit> edits, long fileBytes) {
        return new ChainLink(before, state, edits, previous.total + CommitWeight.of(edits), fileBytes, previous);
    }

    /** The head of a closed chain: nothing follows it. */
    static final class End extends ChainLink {
        /** The commit that was the newest, or the durable state to which the chain was taken back since. */
        final ChainLink last;

        End(ChainLink last) {
            super(last);
            this.last = last;
        }
    }

    /**
     * Releases the trees of a published commit that is not the newest. Thousands may wait, and only their edits are
     * needed.
     */
    void forget() {
        // Release, after the node was published and followed: a reader that finds null sees both.
        BEFORE.setRelease(this, null);
        STATE.setRelease(this, null);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(ChainLink.class, field, Snapshot.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
