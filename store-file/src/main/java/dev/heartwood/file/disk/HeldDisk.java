package dev.heartwood.file.disk;

import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disk as the holder of a store uses it: a sync counts only if the store is still held after it, and nothing is
 * renamed or deleted that another holder may have made.
 */
final class HeldDisk implements Disk {
    private final Disk disk;
    private final StoreLayout place;
    private final HolderToken token;

    HeldDisk(Disk disk, StoreLayout place, HolderToken token) {
        this.disk = disk;
        this.place = place;
        this.token = token;
    }

    @Override
    public Output create(Path file, int mode) throws IOException {
        return held(file, disk.create(file, mode));
    }

    /** The installation of the next file checks the token: its sync alone acknowledges nothing. */
    private Output held(Path file, Output out) {
        return file.equals(place.next()) ? out : new HeldOutput(out);
    }

    @Override
    public Output open(Path file) throws IOException {
        return new HeldOutput(disk.open(file));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        disk.forceDirectory(directory);
        token.requireHeld();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        // An installation checks the token just before, when the next file is there. Another check here would lengthen
        // the moment in which an editor's save is lost.
        if (!from.equals(place.next())) {
            token.requireHeld();
        }
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        // Who deletes the second name of a file that was replaced has checked the token just before. Temporary files
        // have names of this opening alone, and are deleted also after the store was lost.
        if (!place.replaced().contains(file) && !place.isTemporary(file)) {
            token.requireHeld();
        }
        disk.delete(file);
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
    public boolean replacesOpenFiles() {
        return disk.replacesOpenFiles();
    }

    @Override
    public void requireHeld() throws IOException {
        token.requireHeld();
    }

    @Override
    public byte[] bytes(Path file) throws IOException {
        return disk.bytes(file);
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
    public @Nullable FileStamp stampWithoutLinks(Path path) throws IOException {
        return disk.stampWithoutLinks(path);
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
    public void resemble(Path file, Attributes ours, Attributes model) throws IOException {
        disk.resemble(file, ours, model);
    }

    @Override
    public void copyRights(Path model, Path made) throws IOException {
        disk.copyRights(model, made);
    }

    @Override
    public Output createLike(Path made, Path file) throws IOException {
        return held(file, disk.createLike(made, file));
    }

    @Override
    public void give(Path path, Attributes model) throws IOException {
        disk.give(path, model);
    }

    @Override
    public boolean link(Path file, Path second) throws IOException {
        // An installation checks the token just before.
        return disk.link(file, second);
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
    public long room(Path directory) throws IOException {
        return disk.room(directory);
    }

    @Override
    public String fileSystem(Path directory) throws IOException {
        return disk.fileSystem(directory);
    }

    private final class HeldOutput implements Output {
        private final Output out;

        HeldOutput(Output out) {
            this.out = out;
        }

        @Override
        public void force() throws IOException {
            out.force();
            // After the sync, before anything is acknowledged or renamed: a look before it could miss an opener that
            // has read the files before the synced bytes were there.
            token.requireHeld();
        }

        @Override
        public void write(byte[] bytes, int length, long position) throws IOException {
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
        public void close() throws IOException {
            out.close();
        }
    }
}
