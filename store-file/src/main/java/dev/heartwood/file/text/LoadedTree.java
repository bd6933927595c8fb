package dev.heartwood.file.text;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.json.TreeFormat;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A tree as it was read from a file, and the content of that file. */
public record LoadedTree(ContentDigest content, HashMap<String, @Nullable Object> tree) {
    /**
     * Reads a file as a tree.
     *
     * @param small up to how many bytes they are kept
     * @throws dev.heartwood.StoreException if the file is no tree
     */
    public static LoadedTree from(Disk disk, Path file, TreeFormat format, long small) throws IOException {
        byte[] bytes = disk.bytes(file);
        ContentDigest content = ContentDigest.of(bytes);
        return new LoadedTree(
                bytes.length <= small ? content : ContentDigest.of(bytes.length, content.sha256()), format.read(bytes));
    }
}
