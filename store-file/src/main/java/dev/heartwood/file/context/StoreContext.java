package dev.heartwood.file.context;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.json.TreeFormat;

/**
 * The context that the parts of a store share from its opening on.
 *
 * @param disk the file system
 * @param place where the files are
 * @param format how the tree is written, and read
 * @param settings the options
 * @param reporter the receiver of the news
 */
public record StoreContext(Disk disk, StoreLayout place, TreeFormat format, Settings settings, Reporter reporter) {
    /** The same store with the disk and the temporary files of its holder. */
    public StoreContext heldBy(HolderToken token) {
        return new StoreContext(token.disk(), token.place(), format, settings, reporter);
    }

    /** The same store, of which nobody hears news. */
    public StoreContext silent() {
        return new StoreContext(disk, place, format, settings, Reporter.NOBODY);
    }
}
