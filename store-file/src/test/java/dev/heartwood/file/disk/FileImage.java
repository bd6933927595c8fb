package dev.heartwood.file.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The content of a disk: inodes with bytes, directories with names. */
public final class FileImage {
    static final int SECTOR = 512;

    private final Path top;
    private final boolean folding;
    private final Map<Integer, byte[]> files = new TreeMap<>();
    private final Map<Integer, Map<String, Integer>> directories = new TreeMap<>();
    private int lastInode;

    /** An empty directory. */
    public FileImage(Path top) {
        this(top, false);
    }

    /** An empty directory, perhaps of a file system to which upper and lower case are the same. */
    public FileImage(Path top, boolean folding) {
        this.top = top;
        this.folding = folding;
        directories.put(0, names(Map.of()));
    }

    private Map<String, Integer> names(Map<String, Integer> given) {
        Map<String, Integer> names = folding ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
        names.putAll(given);
        return names;
    }

    public FileImage copy() {
        FileImage copy = new FileImage(top, folding);
        files.forEach((inode, bytes) -> copy.files.put(inode, bytes.clone()));
        directories.forEach((inode, names) -> copy.directories.put(inode, names(names)));
        copy.lastInode = lastInode;
        return copy;
    }

    public int newInode() {
        files.put(++lastInode, new byte[0]);
        return lastInode;
    }

    public int newDirectory() {
        directories.put(++lastInode, names(Map.of()));
        return lastInode;
    }

    /** The inode at a path, or -1. */
    public int find(Path path) {
        if (path.equals(top)) {
            return 0;
        }
        int parent = find(path.getParent());
        return parent < 0
                ? -1
                : directories.get(parent).getOrDefault(path.getFileName().toString(), -1);
    }

    public int directory(Path path) {
        int inode = find(path);
        if (!directories.containsKey(inode)) {
            throw new IllegalStateException("no directory: " + path);
        }
        return inode;
    }

    public boolean isDirectory(int inode) {
        return directories.containsKey(inode);
    }

    public byte[] bytes(int inode) {
        return files.get(inode);
    }

    /**
     * How many names it has, from the top on. A crash can leave a directory without a name, where the name did not
     * reach the disk and the content of the directory did; the files in such a directory cannot be found.
     */
    int links(int inode) {
        return links(0, inode);
    }

    private int links(int directory, int inode) {
        int links = 0;
        for (int named : directories.get(directory).values()) {
            links += named == inode ? 1 : 0;
            links += isDirectory(named) ? links(named, inode) : 0;
        }
        return links;
    }

    public List<String> names(int directory) {
        return new ArrayList<>(directories.get(directory).keySet());
    }

    /** Applies an operation, whole. */
    void apply(Op op) {
        for (int unit = 0; unit < units(op); unit++) {
            apply(op, unit);
        }
    }

    /** In how many parts an operation may reach the disk, each without the others. */
    public static int units(Op op) {
        if (op instanceof Op.Write write) {
            int first = write.position() / SECTOR;
            int last = (write.position() + Math.max(1, write.bytes().length) - 1) / SECTOR;
            return 1 + last - first + 1;
        }
        return op.object() < 0 ? 0 : 1;
    }

    /** Applies a part of an operation; of a write, the first is the size of the file, the others are its sectors. */
    public void apply(Op op, int unit) {
        if (op instanceof Op.Write write) {
            write(write, unit);
        } else if (op instanceof Op.Truncate truncate) {
            files.compute(truncate.inode(), (inode, bytes) -> Arrays.copyOf(known(bytes), truncate.size()));
        } else if (op instanceof Op.Name name) {
            name(name.directory(), name.name(), name.inode());
        } else if (op instanceof Op.Rename rename) {
            name(rename.directory(), rename.from(), -1);
            name(rename.directory(), rename.to(), rename.inode());
        }
    }

    private void name(int directory, String name, int inode) {
        Map<String, Integer> names = directories.get(directory);
        if (inode < 0) {
            names.remove(name);
        } else {
            names.put(name, inode);
        }
    }

    private void write(Op.Write write, int unit) {
        byte[] bytes = known(files.get(write.inode()));
        int end = write.position() + write.bytes().length;
        if (unit == 0) {
            if (end > bytes.length) {
                // A size may be durable before the bytes are: zeros.
                bytes = Arrays.copyOf(bytes, end);
            }
        } else {
            int sector = write.position() / SECTOR + unit - 1;
            int from = Math.max(write.position(), sector * SECTOR);
            // Beyond the size that reached the disk nothing can be seen.
            int to = Math.min(Math.min(end, (sector + 1) * SECTOR), bytes.length);
            if (from < to) {
                System.arraycopy(write.bytes(), from - write.position(), bytes, from, to - from);
            }
        }
        files.put(write.inode(), bytes);
    }

    private static byte[] known(byte[] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    /** Adds the inodes that an operation names: they have no place of their own to be lost from. */
    public void prepare(FileImage later) {
        later.files.keySet().forEach(inode -> files.putIfAbsent(inode, new byte[0]));
        later.directories.keySet().forEach(inode -> directories.putIfAbsent(inode, names(Map.of())));
        lastInode = Math.max(lastInode, later.lastInode);
    }
}
