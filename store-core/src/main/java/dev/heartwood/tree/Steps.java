package dev.heartwood.tree;

/**
 * Counts the nodes that walks, comparisons and the door of the tree visit, so that a test can say how the cost of an
 * operation grows. Counting is off, and compiled away, unless the JVM runs with
 * {@code -Ddev.heartwood.countSteps=true}.
 */
public final class Steps {
    private static final boolean COUNTED = Boolean.getBoolean("dev.heartwood.countSteps");
    private static final ThreadLocal<long[]> OF_THREAD = ThreadLocal.withInitial(() -> new long[1]);

    private Steps() {}

    /** Whether steps are counted in this JVM. */
    public static boolean areCounted() {
        return COUNTED;
    }

    /** Counts one node. */
    public static void count() {
        if (COUNTED) {
            OF_THREAD.get()[0]++;
        }
    }

    /** How many nodes the calling thread has visited so far; 0 where they are not counted. */
    public static long ofThread() {
        return OF_THREAD.get()[0];
    }
}
