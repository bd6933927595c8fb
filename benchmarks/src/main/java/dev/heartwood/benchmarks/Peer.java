package dev.heartwood.benchmarks;

/** One way to share a nested tree of counters between threads: the small interface behind which all are measured. */
interface Peer {
    /** The counter at the path. */
    long get(int path);

    /** Replaces the counter at the path with a function of it, atomically; gives the new one. */
    long update(int path);

    /** The whole current state, which stays valid while it is referenced. */
    Object snapshot();

    /** The peer by its name, over {@code shape}'s tree. */
    static Peer of(String name, Shape shape) {
        return switch (name) {
            case "heartwood" -> new HeartwoodPeer(shape);
            case "lock" -> new LockedMapPeer(shape, false);
            case "rwlock" -> new LockedMapPeer(shape, true);
            case "chm" -> new ConcurrentMapPeer(shape);
            case "mvstore" -> new MvStorePeer(shape);
            case "naive" -> new NaiveVavrPeer(shape);
            case "bare" -> new BareVavrPeer(shape);
            case "clojure" -> new ClojurePeer(shape);
            default -> throw new IllegalArgumentException("no peer " + name);
        };
    }
}
