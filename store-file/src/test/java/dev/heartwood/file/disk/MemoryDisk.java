package dev.heartwood.file.disk;

import dev.heartwood.file.recovery.Crash;
import dev.heartwood.storage.FileStamp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that records its operations, so that {@link Crash} can compute the states that a power cut may
 * leave. A file system promises no more here than POSIX does: only forced operations are sure to be there, and all
 * others may be there in any combination.
 *
 * <p>Two threads may use it, each on files of its own: names change under one lock, and so do bytes.
 */
public class MemoryDisk implements Disk {
    private final FileImage image;
    private final FileImage start;
    private final List<Op> trace = new ArrayList<>();

    public MemoryDisk(Path directory) {
        this(new FileImage(directory));
    }

    /** A disk that starts with the state after a crash. */
    public MemoryDisk(FileImage start) {
        this.start = start;
        this.image = start.copy();
    }

    public FileImage start() {
        return start;
    }

    public FileImage image() {
        return image;
    }

    public List<Op> trace() {
        return trace;
    }

    public void record(Op op) {
        synchronized (image) {
            trace.add(op);
            image.apply(op);
        }
    }

    /** Does an operation; a disk that fails overrides this. */
    public void attempt(Op op) throws IOException {
        record(op);
    }

    @Override
    public Output create(Path file, int mode) throws IOException {
        synchronized (image) {
            if (image.find(file) >= 0) {
                throw new FileAlreadyExistsException(file.toString());
            }
            int parent = require(file.getParent());
            int inode = image.newInode();
            attempt(new Op.Name(parent, file.getFileName().toString(), inode));
            return new MemoryOutput(inode);
        }
    }

    @Override
    public Output open(Path file) throws IOException {
        synchronized (image) {
            return new MemoryOutput(require(file));
        }
    }

    @Override
    public InputStream read(Path file) throws IOException {
        synchronized (image) {
            return new ByteArrayInputStream(image.bytes(require(file)));
        }
    }

    @Override
    public Comparison compare(Path file) throws IOException {
        // By way of read: a test overrides that, and means every file that is read.
        read(file).close();
        synchronized (image) {
            return new MemoryComparison(require(file));
        }
    }

    @Override
    public @Nullable Attributes attributes(Path path) {
        synchronized (image) {
            int inode = image.find(path);
            if (inode < 0) {
                return null;
            }
            boolean directory = image.isDirectory(inode);
            return new Attributes(
                    directory ? Kind.DIRECTORY : Kind.FILE,
                    directory ? 0 : image.bytes(inode).length,
                    image.links(inode),
                    -1,
                    -1,
                    -1);
        }
    }

    @Override
    public @Nullable FileStamp stamp(Path path) {
        synchronized (image) {
            int inode = image.find(path);
            return inode < 0
                    ? null
                    : new FileStamp(inode, image.isDirectory(inode) ? 0 : image.bytes(inode).length, 0, 1);
        }
    }

    @Override
    public Object identity(Path file) throws IOException {
        synchronized (image) {
            return require(file);
        }
    }

    @Override
    public void resemble(Path file, Attributes model) {}

    @Override
    public boolean link(Path file, Path second) throws IOException {
        synchronized (image) {
            if (image.find(second) >= 0) {
                throw new FileAlreadyExistsException(second.toString());
            }
            int inode = image.find(file);
            boolean possible = inode >= 0 && image.find(second.getParent()) >= 0;
            if (possible) {
                attempt(name(second, inode));
            }
            return possible;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        synchronized (image) {
            int inode = require(from);
            require(to.getParent());
            if (!from.getParent().equals(to.getParent())) {
                // Two directories, which a crash may leave in any combination.
                attempt(name(to, inode));
                attempt(name(from, -1));
                return;
            }
            attempt(new Op.Rename(
                    image.directory(from.getParent()),
                    from.getFileName().toString(),
                    to.getFileName().toString(),
                    inode));
        }
    }

    private Op.Name name(Path path, int inode) {
        return new Op.Name(image.directory(path.getParent()), path.getFileName().toString(), inode);
    }

    @Override
    public void delete(Path file) throws IOException {
        synchronized (image) {
            if (image.find(file) >= 0) {
                attempt(new Op.Name(
                        image.directory(file.getParent()), file.getFileName().toString(), -1));
            }
        }
    }

    @Override
    public List<String> list(Path directory) {
        synchronized (image) {
            int inode = image.find(directory);
            return inode < 0 ? List.of() : image.names(inode);
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        synchronized (image) {
            int parent = require(directory.getParent());
            int inode = image.newDirectory();
            attempt(new Op.Name(parent, directory.getFileName().toString(), inode));
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        int inode;
        synchronized (image) {
            inode = require(directory);
        }
        attempt(new Op.Force(inode));
    }

    @Override
    public String fileSystem(Path directory) {
        return "memory";
    }

    private int require(Path file) throws IOException {
        int inode = image.find(file);
        if (inode < 0) {
            throw new NoSuchFileException(file.toString());
        }
        return inode;
    }

    private final class MemoryComparison implements Comparison {
        private final int inode;

        MemoryComparison(int inode) {
            this.inode = inode;
        }

        @Override
        public boolean holds(byte[] expected) {
            synchronized (image) {
                return Arrays.equals(image.bytes(inode), expected);
            }
        }

        @Override
        public void close() {}
    }

    private final class MemoryOutput implements Output {
        private final int inode;

        MemoryOutput(int inode) {
            this.inode = inode;
        }

        @Override
        public void write(byte[] bytes, int length, long position) throws IOException {
            attempt(new Op.Write(inode, (int) position, Arrays.copyOf(bytes, length)));
        }

        @Override
        public long size() {
            synchronized (image) {
                return image.bytes(inode).length;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            attempt(new Op.Truncate(inode, (int) size));
        }

        @Override
        public void force() throws IOException {
            attempt(new Op.Force(inode));
        }

        @Override
        public void close() {}
    }
}
