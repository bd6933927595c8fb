package dev.heartwood.file.disk;

import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The disk of this machine; a test overrides single operations. */
public class ForwardingDisk implements Disk {
    /** The file that gives its attributes to the file being created. */
    private static final ThreadLocal<@Nullable Path> LIKE = new ThreadLocal<>();

    private final Disk disk = new RealDisk();

    @Override
    public Output create(Path file, int mode) throws IOException {
        Path made = LIKE.get();
        return made != null ? disk.createLike(made, file) : disk.create(file, mode);
    }

    @Override
    public Output open(Path file) throws IOException {
        return disk.open(file);
    }

    @Override
    public InputStream read(Path file) throws IOException {
        return disk.read(file);
    }

    @Override
    public Comparison compare(Path file) throws IOException {
        return disk.compare(file);
    }

    @Override
    public @Nullable Attributes attributes(Path path) throws IOException {
        return disk.attributes(path);
    }

    @Override
    public @Nullable FileStamp stamp(Path path) throws IOException {
        return disk.stamp(path);
    }

    @Override
    public @Nullable Object identity(Path file) throws IOException {
        return disk.identity(file);
    }

    @Override
    public void resemble(Path file, Attributes model) throws IOException {
        disk.resemble(file, model);
    }

    @Override
    public void copyRights(Path model, Path made) throws IOException {
        disk.copyRights(model, made);
    }

    @Override
    public final Output createLike(Path made, Path file) throws IOException {
        // By way of create: a test overrides that, and means every file that is created.
        LIKE.set(made);
        try {
            return create(file, OWNER_ONLY);
        } finally {
            LIKE.remove();
        }
    }

    @Override
    public void give(Path path, Attributes model) throws IOException {
        disk.give(path, model);
    }

    @Override
    public boolean link(Path file, Path second) throws IOException {
        return disk.link(file, second);
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
        disk.forceDirectory(directory);
    }

    @Override
    public String fileSystem(Path directory) throws IOException {
        return disk.fileSystem(directory);
    }
}
