package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A root that checks the edits of every commit: in any order, and applied twice, they lead from the state before to the
 * state after.
 */
final class EditCheckingRoot implements Root {
    private final Root root;
    private final long seed;
    private final AtomicInteger checked = new AtomicInteger();

    EditCheckingRoot(Root root, long seed) {
        this.root = root;
        this.seed = seed;
    }

    int checked() {
        return checked.get();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        List<Edit> shuffled = new ArrayList<>(edits.get());
        assertThat(shuffled).as("seed %d: edits of a commit", seed).isNotEmpty();
        Collections.shuffle(shuffled, new Random(after.version()));
        HashMap<String, @Nullable Object> once = apply(shuffled, before.root());
        assertThat(is(once, after))
                .as("seed %d: %s in any order lead from%n%s to%n%s", seed, shuffled, before.root(), after.root())
                .isTrue();
        assertThat(is(apply(shuffled, once), after))
                .as("seed %d: %s applied twice are as applied once", seed, shuffled)
                .isTrue();
        checked.incrementAndGet();
        return root.compareAndSet(before, after, edits);
    }

    private HashMap<String, @Nullable Object> apply(List<Edit> edits, HashMap<String, @Nullable Object> tree) {
        HashMap<String, @Nullable Object> result = tree;
        for (Edit edit : edits) {
            HashMap<String, @Nullable Object> edited = edit.applyTo(result);
            if (edited == null) {
                throw new AssertionError("seed " + seed + ": does not apply: " + edit);
            }
            result = edited;
        }
        return result;
    }

    private boolean is(HashMap<String, @Nullable Object> tree, Snapshot state) {
        return root.timeline().state(state.version(), tree).sameTree(state);
    }

    @Override
    public Timeline timeline() {
        return root.timeline();
    }

    @Override
    public Snapshot visible() {
        return root.visible();
    }

    @Override
    public Snapshot head() {
        return root.head();
    }

    @Override
    public long nextVersion(Snapshot before) {
        return root.nextVersion(before);
    }

    @Override
    public boolean settle(Snapshot state) {
        return root.settle(state);
    }

    @Override
    public @Nullable Snapshot confirm(Snapshot state, @Nullable Snapshot newest) {
        return root.confirm(state, newest);
    }

    @Override
    public boolean isShared() {
        return root.isShared();
    }

    @Override
    public void flush() {
        root.flush();
    }

    @Override
    public void close() {
        root.close();
    }
}
