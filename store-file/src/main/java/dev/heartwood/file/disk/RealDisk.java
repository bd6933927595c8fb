package dev.heartwood.file.disk;

import dev.heartwood.storage.FilePermissions;
import dev.heartwood.storage.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The file system of this machine. */
public final class RealDisk implements Disk {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
    private final boolean unix =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    /** The permissions that were used last; two threads may use a disk. */
    private volatile @Nullable Permissions permissions;

    @Override
    public Output create(Path file, int mode) throws IOException {
        return new ChannelOutput(FileChannel.open(file, NEW, permissions(file, mode)));
    }

    private FileAttribute<?>[] permissions(Path file, int mode) {
        if (mode < 0) {
            return NO_ATTRIBUTES;
        }
        Permissions known = permissions;
        if (known == null || known.mode != mode) {
            known = new Permissions(mode, FilePermissions.atCreation(file, mode));
            permissions = known;
        }
        return known.atCreation;
    }

    /** The attributes to create a file with: one commit makes its file as the one before it did. */
    private static final class Permissions {
        final int mode;
        final FileAttribute<?>[] atCreation;

        Permissions(int mode, FileAttribute<?>[] atCreation) {
            this.mode = mode;
            this.atCreation = atCreation;
        }
    }

    @Override
    public Output open(Path file) throws IOException {
        return new ChannelOutput(FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public InputStream read(Path file) throws IOException {
        requireFile(file);
        return Files.newInputStream(file);
    }

    @Override
    public Comparison compare(Path file) throws IOException {
        return new ChannelComparison(FileChannel.open(file, READ, NO_ATTRIBUTES));
    }

    @Override
    public boolean replacesOpenFiles() {
        return unix;
    }

    @Override
    public byte[] bytes(Path file) throws IOException {
        requireFile(file);
        return Files.readAllBytes(file);
    }

    /** To open a pipe would wait for its other end, perhaps for ever. */
    private static void requireFile(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "it is no regular file");
        }
    }

    @Override
    public @Nullable Attributes attributes(Path path) throws IOException {
        try {
            return unix ? UnixAttributes.of(path) : basicAttributes(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public @Nullable FileStamp stamp(Path path) throws IOException {
        return FileStamp.of(path);
    }

    @Override
    public @Nullable FileStamp stampWithoutLinks(Path path) throws IOException {
        return FileStamp.withoutLinks(path);
    }

    @Override
    public @Nullable Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static Attributes basicAttributes(Path path) throws IOException {
        BasicFileAttributes all = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Kind kind = all.isRegularFile() ? Kind.FILE : all.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
        return new Attributes(kind, all.size(), 1, -1, -1, -1);
    }

    @Override
    public void resemble(Path file, Attributes model) throws IOException {
        if (model.mode() >= 0) {
            resemble(file, UnixAttributes.of(file), model);
        }
    }

    @Override
    public void resemble(Path file, Attributes ours, Attributes model) throws IOException {
        if (model.mode() < 0) {
            return;
        }
        if (ours.owner() != model.owner() || ours.group() != model.group()) {
            // Changing the owner clears some bits of the mode, so it comes first.
            UnixAttributes.own(file, model);
        }
        if (ours.mode() != model.mode()) {
            Files.setAttribute(file, "unix:mode", model.mode(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    @Override
    public void copyRights(Path model, Path made) throws IOException {
        // The JDK cannot read an access control list on Linux, but can copy it.
        Files.copy(model, made, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        // With a list this clears its mask, and leaves its entries: the final mode of the file restores them.
        Files.setAttribute(made, "unix:mode", OWNER_ONLY, LinkOption.NOFOLLOW_LINKS);
        FileChannel.open(
                        made, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS)
                .close();
    }

    @Override
    public Output createLike(Path made, Path file) throws IOException {
        Files.copy(made, file, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        return open(file);
    }

    @Override
    public void give(Path path, Attributes model) throws IOException {
        if (model.mode() >= 0) {
            Attributes ours = UnixAttributes.of(path);
            if (ours.owner() != model.owner() || ours.group() != model.group()) {
                UnixAttributes.own(path, model);
            }
        }
    }

    @Override
    public boolean link(Path file, Path second) throws IOException {
        try {
            Files.createLink(second, file);
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // FAT and some network file systems have no second names; others allow them to the owner alone.
            return false;
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        if (unix) {
            move(from, to);
        } else {
            PatientRename.rename(from, to, RealDisk::move, RealDisk::pause);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        // One system call, which does not report the reason of a failure. The other way takes two calls, and reports
        // it.
        if (!file.toFile().delete()) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toList());
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(directory)) {
                throw new FileSystemException(
                        directory.toString(), null, "it is a symbolic link, and nothing is where it leads");
            }
            return List.of();
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, FilePermissions.atCreation(directory, 0700));
    }

    @Override
    public boolean isWritable(Path path) {
        return Files.isWritable(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (unix) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        // Windows opens no directories; NTFS journals a rename by itself.
    }

    @Override
    public long room(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public String fileSystem(Path directory) throws IOException {
        return Files.getFileStore(directory).type().toLowerCase(Locale.ROOT);
    }
}
