package dev.heartwood.file.disk;

/** One thing that was done to a disk. Inodes and directories have numbers that never change. */
public sealed interface Op {
    /** Bytes written into a file. */
    @SuppressWarnings("ArrayRecordComponent") // never changed, and never compared
    record Write(int inode, int position, byte[] bytes) implements Op {}

    /** A file cut off. */
    record Truncate(int inode, int size) implements Op {}

    /** A name in a directory given to an inode, or taken away (-1). */
    record Name(int directory, String name, int inode) implements Op {}

    /** A name in a directory changed, in place of another one. */
    record Rename(int directory, String from, String to, int inode) implements Op {}

    /** Makes every earlier operation on a file's bytes, or on a directory's names, durable. */
    record Force(int inode) implements Op {}

    /** Not done to the disk: the state that was acknowledged last, and those that were being written. */
    record Note(int acknowledged, int first, int last) implements Op {
        public boolean allows(int state) {
            return state == acknowledged || (first <= state && state <= last);
        }
    }

    /** The inode that must be forced for this to be durable; -1 for an operation that changes nothing. */
    default int object() {
        if (this instanceof Write write) {
            return write.inode;
        } else if (this instanceof Truncate truncate) {
            return truncate.inode;
        } else if (this instanceof Name name) {
            return name.directory;
        }
        return this instanceof Rename rename ? rename.directory : -1;
    }
}
