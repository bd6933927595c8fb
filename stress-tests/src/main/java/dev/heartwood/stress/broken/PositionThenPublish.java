package dev.heartwood.stress.broken;

/** A replica that calls a state reached once it is applied, though readers do not see it yet. */
public final class PositionThenPublish {
    private volatile long position;
    private volatile long visible;

    /** A replica of version 0. */
    public PositionThenPublish() {}

    /** Applies a version, and publishes it. */
    public void apply(long version) {
        position = version;
        visible = version;
    }

    /** Whether a version is applied. */
    public boolean hasReached(long version) {
        return position >= version;
    }

    /** The version that readers see. */
    public long visible() {
        return visible;
    }
}
