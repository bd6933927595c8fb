package dev.heartwood.stress.seam;

import dev.heartwood.Root;
import dev.heartwood.Store;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gives the suites their stores and roots: those of memory, unless a test has put something between a store and its
 * root. jcstress so runs the store as it is, and the scheduler the same suites with a pause at every step of the loop.
 */
public final class Seam {
    private static volatile @Nullable UnaryOperator<Root> between;

    private Seam() {}

    /** A store that starts with a tree. */
    public static Store store(Map<String, ?> tree) {
        return between == null ? Store.of(tree) : Store.over(root(tree));
    }

    /** A root that starts with a tree. */
    public static Root root(Map<String, ?> tree) {
        return wrap(Root.inMemory(tree));
    }

    /** The root, with what stands between it and its store. */
    public static Root wrap(Root root) {
        UnaryOperator<Root> wrapper = between;
        return wrapper == null ? root : wrapper.apply(root);
    }

    /** From now on {@code wrapper} stands between each new store and its root; null for nothing. */
    public static void between(@Nullable UnaryOperator<Root> wrapper) {
        between = wrapper;
    }
}
