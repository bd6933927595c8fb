package dev.heartwood.stress.broken;

import dev.heartwood.Transaction;
import java.util.Map;
import java.util.function.Consumer;

/** Runs what is to come after the commit as part of each attempt. */
public final class EffectInBody extends SmallStore {
    /** A store in memory. */
    public EffectInBody(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to run {@code effect} once, after the commit. */
    public void batch(Consumer<Transaction> body, Runnable effect) {
        batch(tx -> {
            body.accept(tx);
            effect.run();
        });
    }
}
