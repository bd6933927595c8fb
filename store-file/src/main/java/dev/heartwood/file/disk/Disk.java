package dev.heartwood.file.disk;

import dev.heartwood.storage.FileStamp;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations that the protocol asks of a file system, and no more. Nothing is durable before it is forced: the
 * bytes of a file by {@link Output#force}, its name by {@link #forceDirectory}.
 *
 * <p>Used by one thread at a time. Locks are not here: a crash leaves none.
 */
public interface Disk {
    /** The kind of thing at a path. */
    enum Kind {
        FILE,
        DIRECTORY,
        OTHER
    }

    /**
     * The attributes of a file.
     *
     * @param links how many names it has
     * @param mode its permission bits, or -1 where the file system has none
     * @param lastChange another one after somebody gave the file other rights, and at other times, too; null where the file
     *     system does not tell
     */
    record Attributes(
            Kind kind,
            long size,
            int links,
            int mode,
            int owner,
            int group,
            @Nullable Object lastChange) {
        /** Attributes on a file system that does not tell of changes. */
        public Attributes(Kind kind, long size, int links, int mode, int owner, int group) {
            this(kind, size, links, mode, owner, group, null);
        }

        /** The same, with these permission bits besides. */
        Attributes withAtLeast(int bits) {
            return mode < 0 ? this : new Attributes(kind, size, links, mode | bits, owner, group, lastChange);
        }

        /** Whether it gives the same rights to the same users. */
        public boolean resembles(Attributes other) {
            return mode == other.mode && owner == other.owner && group == other.group;
        }

        /**
         * Whether an access control list may say less than the mode does. With a list, the bits of the group are only
         * an upper bound of the rights that it gives to the group and to each user that it names, and a user that it
         * names may do less than all others.
         */
        public boolean mayHaveList() {
            return mode >= 0 && (mode & 0077) != 0;
        }
    }

    /** A file that is being written. */
    interface Output extends Closeable {
        /** Writes all of the bytes, or throws. */
        void write(byte[] bytes, int length, long position) throws IOException;

        /** The current length of the file. */
        long size() throws IOException;

        /** Cuts the file off. */
        void truncate(long size) throws IOException;

        /** Makes the written bytes durable; not the name of the file. */
        void force() throws IOException;

        /** The file system may write only a part and report no error: a file of another size must not get its name. */
        default void requireSize(Path file, long expected) throws IOException {
            long size = size();
            if (size != expected) {
                throw new IOException("wrote " + expected + " bytes to " + file + ", and it has " + size);
            }
        }
    }

    /** The mode of a file that its owner may read and write, and nobody else. */
    int OWNER_ONLY = 0600;
    /** The default mode of the process for new files. */
    int USUAL = -1;

    /**
     * Creates a file that must not be there.
     *
     * @param mode the permissions that it has from its first moment on, or fewer; no matter where the file system has
     * none
     */
    Output create(Path file, int mode) throws IOException;

    /** Opens a file that is there, to write on. */
    Output open(Path file) throws IOException;

    /** Reads a file from its start. */
    InputStream read(Path file) throws IOException;

    /** A file that is open to be compared, more than once, even after it was renamed. */
    interface Comparison extends Closeable {
        /** Whether these bytes, and no others, stand in it. */
        boolean holds(byte[] expected) throws IOException;
    }

    /** Opens a file to compare it. */
    Comparison compare(Path file) throws IOException;

    /** Whether these bytes, and no others, stand in a file. */
    default boolean holds(Path file, byte[] expected) throws IOException {
        try (Comparison open = compare(file)) {
            return open.holds(expected);
        }
    }

    /** Whether a file that this process has open can be replaced, and its name given to another one. */
    default boolean replacesOpenFiles() {
        return true;
    }

    /**
     * Checks that this opening still holds the store, if the disk has a holder.
     *
     * @throws HolderLostException if not
     */
    default void requireHeld() throws IOException {}

    /** Whether this process may write there: no, too, on a file system that is mounted read-only. */
    default boolean isWritable(Path path) {
        return true;
    }

    /** Reads a whole file. */
    default byte[] bytes(Path file) throws IOException {
        try (InputStream in = read(file)) {
            return in.readAllBytes();
        }
    }

    /** The attributes of the file at the path, or null if there is none; a symbolic link is not followed. */
    @Nullable
    Attributes attributes(Path path) throws IOException;

    /** Which file has a name, and when it was written last; null if nothing has it. A symbolic link is not followed. */
    @Nullable
    FileStamp stamp(Path path) throws IOException;

    /** {@link #stamp} without the number of names, which costs more. */
    default @Nullable FileStamp stampWithoutLinks(Path path) throws IOException {
        return stamp(path);
    }

    /**
     * The identity that tells the file of a name from others that had the name before; null where the file system does
     * not say.
     */
    @Nullable
    Object identity(Path file) throws IOException;

    /**
     * Gives a file of ours the permissions and the owner of {@code model}.
     *
     * @throws NotOursException if the process may not give it to that owner; it is as before then
     */
    void resemble(Path file, Attributes model) throws IOException;

    /** {@link #resemble}, for a file that is known to be like {@code ours}. */
    default void resemble(Path file, Attributes ours, Attributes model) throws IOException {
        resemble(file, model);
    }

    /**
     * Makes an empty file with the access control list and the extended attributes of {@code model}, which may be used
     * by its owner alone until it gets another mode. Every byte of {@code model} passes through it, and so does its
     * mode: make it only where nobody else can look.
     */
    default void copyRights(Path model, Path made) throws IOException {
        create(made, OWNER_ONLY).close();
    }

    /**
     * Creates a file that must not be there, with the same attributes as the file that {@link #copyRights} has made:
     * its owner alone may use it from its first moment on.
     */
    default Output createLike(Path made, Path file) throws IOException {
        return create(file, OWNER_ONLY);
    }

    /**
     * Gives a directory or a file of ours the owner and the group of {@code model}; its mode stays. See {@link
     * #resemble}.
     */
    default void give(Path path, Attributes model) throws IOException {}

    /**
     * Gives a file a second name, which must be free.
     *
     * @return false where that is not possible; then nothing was changed
     */
    boolean link(Path file, Path second) throws IOException;

    /** Makes durable the bytes that another program has written into a file. */
    default void force(Path file) throws IOException {
        try (Output out = open(file)) {
            out.force();
        }
    }

    /** Replaces {@code to} by {@code from}, atomically: at every moment one of them has the name. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException;

    /** Deletes the remains of a failed write, if that can be done: on a full disk they would take the room. */
    default void discard(Path file, Throwable failure) {
        try {
            delete(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** The names in a directory, in no order; none if it is not there. */
    List<String> list(Path directory) throws IOException;

    /**
     * Creates a directory that is not there; where the file system has permissions, its owner alone may look into it.
     */
    void createDirectory(Path directory) throws IOException;

    /** Makes the names in a directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /**
     * The approximate free space of the file system of a directory, in bytes; {@link Long#MAX_VALUE} if it is unknown.
     */
    default long room(Path directory) throws IOException {
        return Long.MAX_VALUE;
    }

    /** Which file system a directory is on, as the machine names it: {@code ext4}, {@code nfs4}. */
    String fileSystem(Path directory) throws IOException;

    /** Creates a file, in place of the remains of an interrupted write, if there are any. */
    default Output createAnew(Path file, int mode) throws IOException {
        try {
            return create(file, mode);
        } catch (FileAlreadyExistsException e) {
            delete(file);
            return create(file, mode);
        }
    }

    /** As {@link #createLike}, in place of the remains of an interrupted write, if there are any. */
    default Output createLikeAnew(Path made, Path file) throws IOException {
        try {
            return createLike(made, file);
        } catch (FileAlreadyExistsException e) {
            delete(file);
            return createLike(made, file);
        }
    }

    /** The process may not give a file to another user, or to another group. */
    final class NotOursException extends IOException {
        private static final long serialVersionUID = 1L;

        NotOursException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
