package dev.heartwood.file.disk;

import java.io.IOException;
import java.util.Arrays;

/**
 * A disk on which some operations fail, and have no effect: counted from the time when it is armed, over both threads
 * of a store.
 */
public final class FailingDisk extends MemoryDisk {
    private int count;
    private int from = Integer.MAX_VALUE;
    private int to;
    private boolean partly;

    public FailingDisk(FileImage start) {
        super(start);
    }

    /** Fails the operations from the first number up to, and without, the last. Writes may get a part through. */
    public synchronized void arm(int first, int failures, boolean writesPartly) {
        count = 0;
        from = first;
        to = first + failures;
        partly = writesPartly;
    }

    public synchronized void disarm() {
        from = Integer.MAX_VALUE;
    }

    /** How many operations there were since it was armed. */
    public synchronized int count() {
        return count;
    }

    @Override
    public void attempt(Op op) throws IOException {
        int number = next();
        if (number < 0) {
            super.attempt(op);
            return;
        }
        if (partly && op instanceof Op.Write write && write.bytes().length > 1) {
            int half = write.bytes().length / 2;
            record(new Op.Write(write.inode(), write.position(), Arrays.copyOf(write.bytes(), half)));
        }
        throw new IOException("planted failure of operation " + number + ", " + op);
    }

    /** The number of an operation that fails, or -1. */
    private synchronized int next() {
        int number = count++;
        return number < from || number >= to ? -1 : number;
    }
}
