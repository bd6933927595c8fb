package dev.heartwood.file.journal;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.LineReader;
import dev.heartwood.storage.EditCodec;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Applies the commits of a journal, one line in memory at a time; where that takes long, it tells how far it is. */
public final class Replay {
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    private final Disk disk;
    private final StoreLayout place;
    private final EditCodec edits;
    private final Reporter reporter;
    private final LongSupplier clock;

    public Replay(StoreContext context) {
        this(context, System::nanoTime);
    }

    /** With a clock of nanoseconds. */
    Replay(StoreContext context, LongSupplier clock) {
        this.clock = clock;
        this.disk = context.disk();
        this.place = context.place();
        this.edits = new EditCodec(context.format());
        this.reporter = context.reporter();
    }

    /** Receives each commit: the line, and the tree after it. */
    public interface Visitor {
        void commit(JournalLine line, HashMap<String, @Nullable Object> tree);
    }

    /**
     * The tree that the whole commits of the journal lead to.
     *
     * @throws StoreIOException if one cannot be applied
     */
    public HashMap<String, @Nullable Object> of(JournalScan journal, HashMap<String, @Nullable Object> base)
            throws IOException {
        return of(journal, base, (line, tree) -> {});
    }

    /** The same, commit by commit. */
    public HashMap<String, @Nullable Object> of(
            JournalScan journal, HashMap<String, @Nullable Object> base, Visitor visitor) throws IOException {
        HashMap<String, @Nullable Object> tree = base;
        JournalHeader header = journal.header();
        if (header == null || journal.commits() == 0) {
            return tree;
        }
        long told = clock.getAsLong();
        try (LineReader lines = new LineReader(disk.read(journal.file()))) {
            lines.next();
            for (long sequence = 1; sequence <= journal.commits(); sequence++) {
                JournalLine line = lines.next() ? JournalLine.parse(header.id(), lines.line(), lines.length()) : null;
                if (line == null) {
                    throw new IOException(journal.file() + " changed while it was read");
                }
                tree = applied(journal, line, tree);
                visitor.commit(line, tree);
                long now = clock.getAsLong();
                if (now - told > PROGRESS_NANOS) {
                    told = now;
                    tell(journal, sequence, lines.position());
                }
            }
        }
        return tree;
    }

    private void tell(JournalScan journal, long sequence, long position) {
        reporter.tell(
                Kind.PROGRESS,
                "opening " + place + ": " + sequence + " of " + journal.commits() + " commits, "
                        + 100 * position / journal.size() + " % of " + journal.size() + " bytes");
    }

    private HashMap<String, @Nullable Object> applied(
            JournalScan journal, JournalLine line, HashMap<String, @Nullable Object> tree) {
        try {
            return edits.apply(line.text(), tree);
        } catch (StoreException e) {
            throw new StoreIOException(
                    journal.file() + ", commit " + line.sequence() + ", cannot be applied: " + e.getMessage()
                            + ". No file was changed. Restore it from a backup, or cut it off before that line",
                    e);
        }
    }
}
