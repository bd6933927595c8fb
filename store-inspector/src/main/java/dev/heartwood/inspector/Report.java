package dev.heartwood.inspector;

import dev.heartwood.history.History;
import java.nio.file.Path;

/**
 * A recorded history as one HTML file: to look at in a browser, to keep, to attach to a bug report. It loads nothing
 * and sends nothing. The file contains all data that it shows, so every recipient of the file can read all of it.
 *
 * <p>The address of an opened report keeps the view: {@code report.html#v=12&path=/a} opens at version 12, with the
 * place {@code /a} pinned.
 */
public final class Report {
    private Report() {}

    /** The default options: the title, how large the file may become; each default stands with its method in {@link ReportOptions}. */
    public static ReportOptions options() {
        return ReportOptions.DEFAULT;
    }

    /**
     * Writes the history as it is now, with the default options. A file that is there is replaced as a whole: readers
     * see the old one or the new one, and after a failure the old one stands. Of a symbolic link, the file that it names
     * is replaced.
     *
     * <p>Commits made meanwhile go on undisturbed. Takes time and memory as the newest state and the changes of the
     * commits need them.
     *
     * @param html the file; its folder must be there
     * @throws dev.heartwood.StoreIOException if it cannot be written, or there is a directory, a device or another thing
     *     that is no regular file; what is there is unchanged
     */
    public static void write(History history, Path html) {
        options().write(history, html);
    }
}
