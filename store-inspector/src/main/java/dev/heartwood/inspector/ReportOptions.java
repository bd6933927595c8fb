package dev.heartwood.inspector;

import static java.util.Objects.requireNonNull;

import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import dev.heartwood.tree.LinkTarget;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** Options of a report. Each method gives new options; immutable. */
public final class ReportOptions {
    static final long DEFAULT_SIZE = 100_000_000;
    static final ReportOptions DEFAULT = new ReportOptions(null, DEFAULT_SIZE);

    private final @Nullable String title;
    private final long size;

    private ReportOptions(@Nullable String title, long size) {
        this.title = title;
        this.size = size;
    }

    /** The title of the page. Default: the name of the file. */
    public ReportOptions title(String title) {
        return new ReportOptions(requireNonNull(title, "title must not be null"), size);
    }

    /**
     * About how many characters of recorded values the file may hold. Past it the oldest commits are left out, and if
     * the newest state alone is too large, its long values are cut; the page says so. Default: 100,000,000, which
     * browsers still open.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ReportOptions maxSize(long characters) {
        if (characters < 1) {
            throw new IllegalArgumentException("expected a size of at least 1 character, not " + characters);
        }
        return new ReportOptions(title, characters);
    }

    /**
     * Writes the history as it is now; see {@link Report#write}.
     *
     * @throws StoreIOException if it cannot be written; a file that was there is unchanged
     */
    public void write(History history, Path html) {
        Path name = requireNonNull(html.toAbsolutePath().getFileName(), "a report needs a file name");
        Recording recording = Recording.of(history, title != null ? title : name.toString(), size);
        try {
            Path target = LinkTarget.toReplace(html);
            Path written = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".tmp");
            try {
                try (Writer out = Files.newBufferedWriter(written, StandardCharsets.UTF_8)) {
                    Page.report(recording, new BufferedWriter(out, 1 << 16));
                }
                moveInto(written, target);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            throw new StoreIOException(
                    "the report was not written to " + html.toAbsolutePath() + " (" + e
                            + "). A file that was there is unchanged."
                            + " Check that the folder exists, that it may be written to, and that the disk has room.",
                    e);
        }
    }

    private static void moveInto(Path written, Path target) throws IOException {
        try {
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
