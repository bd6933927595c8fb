package dev.heartwood.file.reading;

import dev.heartwood.Origin;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMark.FileState;
import dev.heartwood.file.journal.DurableMark.JournalState;
import dev.heartwood.file.journal.JournalHeader;
import dev.heartwood.file.journal.JournalLine;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.file.text.LineReader;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states that {@linkplain DurableMark marks} name: from the start, or on from a place in a journal. A file
 * that does not match the mark is no state, unless its holder was killed just after it replaced it.
 */
final class MarkedStateReader {
    /** A holder that stays between two steps for this long was killed there. */
    static final long LEFT_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final EditCodec edits;
    /** A mark of a file that was about to be replaced, and has been; and since when. */
    private @Nullable DurableMark unfinished;

    private long unfinishedSince;

    MarkedStateReader(StoreContext context) {
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.edits = new EditCodec(format);
    }

    /**
     * A state.
     *
     * @param position where it stands in a journal; null where it stands in the file
     */
    record State(
            HashMap<String, @Nullable Object> tree,
            @Nullable Position position) {}

    /** A place in a journal: after so many commits, at this byte. */
    record Position(String id, long number, long commits, long end) {
        /** Whether a mark names this journal, at any place in it. */
        boolean isInJournalOf(DurableMark mark) {
            return mark.number() == number
                    && mark.state() instanceof JournalState journal
                    && journal.id().equals(id);
        }

        /** Whether a mark names an earlier place of this journal, which a holder never does. */
        boolean isAfter(DurableMark mark) {
            return mark.state() instanceof JournalState journal
                    && journal.id().equals(id)
                    && journal.commits() < commits;
        }
    }

    /** Receives each commit: the tree after it, its origin, and its end in the journal. */
    interface Visitor {
        void commit(HashMap<String, @Nullable Object> tree, Origin origin, Position position);
    }

    /**
     * Reads the state of a mark from the start.
     *
     * @throws IOException if the files do not say it, or not any more
     */
    State read(DurableMark mark) throws IOException {
        if (mark.state() instanceof JournalState journal) {
            return readJournal(mark.number(), journal);
        }
        FileState file = (FileState) mark.state();
        byte[] bytes = disk.bytes(place.file());
        if (!file.content().is(bytes) && !isLeftBehind(mark, bytes)) {
            throw new IOException(place + " is not what its holder wrote: it was changed by somebody else, or is"
                    + " being replaced right now");
        }
        return new State(format.read(bytes), null);
    }

    private State readJournal(long of, JournalState state) throws IOException {
        try (LineReader lines = new LineReader(disk.read(place.journal(of)))) {
            JournalHeader header = lines.next() ? JournalHeader.parse(lines.line(), lines.length()) : null;
            if (header == null || !header.id().equals(state.id())) {
                throw new IOException(place.journal(of) + " is not the journal that its holder writes");
            }
            HashMap<String, @Nullable Object> tree = base(header, of);
            for (long sequence = 1; sequence <= state.commits(); sequence++) {
                tree = edits.apply(next(lines, header.id(), of, sequence).text(), tree);
            }
            return new State(tree, new Position(header.id(), of, state.commits(), lines.position()));
        }
    }

    /** Reads the commits of a journal one by one, from a place in it on. */
    void readOn(Position from, long commits, HashMap<String, @Nullable Object> start, Visitor visitor)
            throws IOException {
        if (commits <= from.commits()) {
            return;
        }
        HashMap<String, @Nullable Object> tree = start;
        try (InputStream in = disk.read(place.journal(from.number()));
                LineReader lines = new LineReader(in)) {
            in.skipNBytes(from.end());
            for (long sequence = from.commits() + 1; sequence <= commits; sequence++) {
                JournalLine line = next(lines, from.id(), from.number(), sequence);
                tree = edits.apply(line.text(), tree);
                Position position = new Position(from.id(), from.number(), sequence, from.end() + lines.position());
                visitor.commit(tree, edits.origin(line.text()), position);
            }
        }
    }

    private JournalLine next(LineReader lines, String id, long of, long sequence) throws IOException {
        JournalLine line = lines.next() ? JournalLine.parse(id, lines.line(), lines.length()) : null;
        if (line == null || line.sequence() != sequence) {
            throw new IOException(
                    place.journal(of) + " lacks commit " + sequence + ", which its holder has made durable");
        }
        return line;
    }

    /** The tree that a journal follows. */
    private HashMap<String, @Nullable Object> base(JournalHeader header, long of) throws IOException {
        Disk.Attributes file = disk.attributes(place.file());
        if (file != null && file.kind() == Disk.Kind.FILE && file.size() == header.bytes()) {
            byte[] bytes = disk.bytes(place.file());
            if (header.follows(ContentDigest.of(bytes))) {
                return format.read(bytes);
            }
        }
        byte[] copy = disk.bytes(place.generation(of));
        if (!header.follows(ContentDigest.of(copy))) {
            throw new IOException(place.generation(of) + " is damaged, and " + place + " is not what its holder wrote");
        }
        return format.read(copy);
    }

    /** The state of a file that its holder has left behind, as {@link #isLeftBehind} says; null if it has not. */
    @Nullable
    State readLeftBehind(DurableMark mark) throws IOException {
        byte[] bytes = disk.bytes(place.file());
        return isLeftBehind(mark, bytes) ? new State(format.read(bytes), null) : null;
    }

    /**
     * Whether the file is the one that the holder was about to write, and stays so: it was killed between the rename
     * and the mark. It would be the state of the next opening, and is never rolled back; this makes it durable.
     */
    private boolean isLeftBehind(DurableMark mark, byte[] bytes) throws IOException {
        ContentFingerprint next = ((FileState) mark.state()).next();
        if (next == null || !next.is(bytes)) {
            return false;
        }
        long now = System.nanoTime();
        if (!mark.equals(unfinished)) {
            unfinished = mark;
            unfinishedSince = now;
        }
        if (now - unfinishedSince < LEFT_BEHIND_NANOS) {
            return false;
        }
        FileReader.force(disk, place.parent());
        return true;
    }
}
