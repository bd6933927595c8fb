package dev.heartwood.benchmarks;

/** Stands in until the tree is built. */
enum UnsetPeer implements Peer {
    PEER;

    @Override
    public long get(int path) {
        throw new IllegalStateException("not built");
    }

    @Override
    public long update(int path) {
        throw new IllegalStateException("not built");
    }

    @Override
    public Object snapshot() {
        throw new IllegalStateException("not built");
    }
}
