package dev.heartwood.json.file;

import dev.heartwood.testkit.Hold;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The disk of this machine, which can be held up, and can fail in a way that leaves it unclear what is written. */
final class HoldableDisk implements Disk {
    private final Disk disk = new RealDisk();
    private boolean held;
    private boolean waiting;
    private int takenBack;
    private boolean doubt;
    private boolean dead;

    /** Holds all writes up. */
    synchronized Hold hold() {
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
        if (failing && waiting) {
            takenBack++;
        }
        held = false;
        notifyAll();
    }

    /** The next commit is written, and not known to be durable; afterwards nothing can be. */
    synchronized void doubt() {
        doubt = true;
    }

    private synchronized void pass() throws IOException {
        int before = takenBack;
        waiting = true;
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
    public Output create(Path file) throws IOException {
        synchronized (this) {
            if (dead) {
                throw new IOException("planted doubt");
            }
        }
        return new HoldableOutput(disk.create(file), false);
    }

    @Override
    public Output open(Path file) throws IOException {
        return new HoldableOutput(disk.open(file), true);
    }

    @Override
    public InputStream read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public @Nullable Attributes attributes(Path path) throws IOException {
        return disk.attributes(path);
    }

    @Override
    public void resemble(Path file, Attributes model) throws IOException {
        disk.resemble(file, model);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        disk.createDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        fail();
        disk.forceDirectory(directory);
    }

    private final class HoldableOutput implements Output {
        private final Output out;
        private final boolean isJournal;

        HoldableOutput(Output out, boolean isJournal) {
            this.out = out;
            this.isJournal = isJournal;
        }

        @Override
        public void write(byte[] bytes, int length, long position) throws IOException {
            pass();
            out.write(bytes, length, position);
        }

        @Override
        public long size() throws IOException {
            return out.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            out.truncate(size);
        }

        @Override
        public void force() throws IOException {
            if (isJournal) {
                fail();
            }
            out.force();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
