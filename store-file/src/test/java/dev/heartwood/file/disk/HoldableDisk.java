package dev.heartwood.file.disk;

import dev.heartwood.testkit.Hold;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The disk of this machine, which can be held up, and can fail in a way that leaves it unclear which bytes are written.
 */
public final class HoldableDisk extends ForwardingDisk {
    private boolean held;
    private boolean waiting;
    private int takenBack;
    private boolean doubt;
    private boolean dead;

    /** Holds all writes up. */
    public synchronized Hold hold() {
        held = true;
        return new Hold() {
            @Override
            public void release() {
                go(false);
            }

            @Override
            public boolean takeBack() {
                go(true);
                return true;
            }
        };
    }

    private synchronized void go(boolean failing) {
        if (failing) {
            awaitWriter();
            takenBack++;
        }
        held = false;
        notifyAll();
    }

    /** The writer thread is about to write the accepted commits, and takes its time. */
    private synchronized void awaitWriter() {
        try {
            while (!waiting) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("no writer came", e);
        }
    }

    /** The next commit is written, and not known to be durable; afterwards nothing can be. */
    public synchronized void doubt() {
        doubt = true;
    }

    private synchronized void pass() throws IOException {
        int before = takenBack;
        waiting = held;
        notifyAll();
        try {
            while (held) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            waiting = false;
        }
        if (takenBack > before) {
            throw new IOException("taken back by the test");
        }
    }

    private synchronized void fail() throws IOException {
        if (doubt || dead) {
            dead = true;
            throw new IOException("planted doubt");
        }
    }

    @Override
    public Output create(Path file, int mode) throws IOException {
        synchronized (this) {
            if (dead) {
                throw new IOException("planted doubt");
            }
        }
        return new HoldableOutput(super.create(file, mode), false);
    }

    @Override
    public Output open(Path file) throws IOException {
        return new HoldableOutput(super.open(file), true);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        fail();
        super.forceDirectory(directory);
    }

    private final class HoldableOutput extends ForwardingOutput {
        private final boolean isJournal;

        HoldableOutput(Output out, boolean isJournal) {
            super(out);
            this.isJournal = isJournal;
        }

        @Override
        public void write(byte[] bytes, int length, long position) throws IOException {
            pass();
            super.write(bytes, length, position);
        }

        @Override
        public void force() throws IOException {
            if (isJournal) {
                fail();
            }
            super.force();
        }
    }
}
