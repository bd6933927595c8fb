package dev.heartwood.json.file;

import dev.heartwood.Edit;
import dev.heartwood.json.file.Reporter.Kind;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one store, and what one thread does to them.
 *
 * <p>While the tree is small, each batch of commits replaces the file. When it is large, a batch is appended to the
 * journal, and the file follows at a <em>checkpoint</em>. There is always one journal; while the tree is small nothing is
 * appended to it.
 *
 * <p>A journal follows the file whose hash its header names, and a generation with its number holds a copy of that file.
 * The order that everything rests on, each step durable before the next:
 *
 * <ol>
 *   <li>the next file, beside the old one; a generation, which is a copy of it; an empty journal that follows it
 *   <li>the next file takes the name of the old one
 *   <li>the old journals are deleted
 *   <li>commits are appended to the new journal; or, while the tree is small, the file is replaced
 * </ol>
 *
 * <p>So after a crash the newest journal that has commits, or follows the file, tells the state; and where there is none
 * the file does.
 */
public final class Storage implements AutoCloseable {
    // Invariants, between calls:
    //   What was acknowledged is in the file and in the commits of the journal that follows it; or, when the journal is
    //   empty, in the file alone.
    //   If the journal does not follow the file, it is empty; so are all other journals, or they are deleted before
    //   the file is replaced again (tidy).
    final Disk disk;
    final Place place;
    final TreeFormat format;
    final Settings settings;
    final Reporter reporter;
    final TreeFile file;
    private final EditCodec edits;
    private @Nullable Journal journal;
    private long number;
    /** The file that the newest generation is a copy of. */
    private @Nullable Content kept;

    private boolean tidy;

    Storage(
            Disk disk,
            Place place,
            TreeFormat format,
            Settings settings,
            Reporter reporter,
            @Nullable Content current,
            long number) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.settings = settings;
        this.reporter = reporter;
        this.file = new TreeFile(disk, place, reporter, current);
        this.edits = new EditCodec(format);
        this.number = number;
    }

    /**
     * Makes commits durable, in order: all of them when it returns.
     *
     * @param commits the edits of each
     * @param tree what they lead to
     * @throws NotWrittenException if it failed, and none of them will ever be there
     * @throws IOException if it failed, and a crash may leave some of them
     */
    void write(List<List<Edit>> commits, HashMap<String, @Nullable Object> tree) throws IOException {
        try {
            if (journal().isBroken()) {
                checkpoint(tree);
            } else if (isJournaling()) {
                journal().append(encode(commits));
            } else {
                replaceFile(tree);
            }
        } catch (NotWrittenException e) {
            throw e;
        } catch (IOException e) {
            reporter.tell(
                    Kind.TROUBLE,
                    "writing to " + place + " failed: " + e.getMessage()
                            + ". What was written there is not trusted any more; all is written anew into new files",
                    null,
                    e);
            writeAnew(tree, e);
        }
    }

    private void writeAnew(HashMap<String, @Nullable Object> tree, IOException first) throws IOException {
        try {
            checkpoint(tree);
        } catch (IOException | RuntimeException | Error again) {
            first.addSuppressed(again);
            throw first;
        }
    }

    private List<byte[]> encode(List<List<Edit>> commits) throws NotWrittenException {
        try {
            List<byte[]> lines = new ArrayList<>(commits.size());
            for (List<Edit> commit : commits) {
                lines.add(edits.write(commit));
            }
            return lines;
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
    }

    private void replaceFile(HashMap<String, @Nullable Object> tree) throws IOException {
        Content next = prepareSmall(tree);
        if (next == null) {
            checkpoint(tree);
        } else {
            file.install(next);
        }
    }

    /** Null if the tree is not small. */
    private @Nullable Content prepareSmall(HashMap<String, @Nullable Object> tree) throws NotWrittenException {
        try {
            if (!tidy) {
                tidyUp();
            }
            SmallBuffer small = new SmallBuffer(settings.journalAbove());
            format.pretty(tree, small);
            return file.prepare(small.toByteArray());
        } catch (SmallBuffer.FullException e) {
            return null;
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
    }

    /** Whether commits go to the journal: the file is large. */
    private boolean isJournaling() {
        return file.current().size() > settings.journalAbove();
    }

    /** Whether the journal has grown so long that the file should follow. */
    boolean isJournalLong() {
        return journal().bytes() > settings.journalLimit(file.current().size());
    }

    /** Whether the file is behind the journal. */
    boolean isFileBehind() {
        return journal().commits() > 0 || journal().isBroken();
    }

    /** Whether the newest generation is not the file. */
    boolean isGenerationBehind() {
        return kept == null || !kept.same(file.current());
    }

    /**
     * Lets the file follow: it holds {@code tree}, which is what was acknowledged, or more, and the journal is empty.
     *
     * @throws NotWrittenException if it failed, and nothing of what {@code tree} has more will ever be there
     * @throws IOException if it failed, and a crash may leave that
     */
    void checkpoint(HashMap<String, @Nullable Object> tree) throws IOException {
        Journal next;
        Content content;
        try {
            content = file.prepare(format, tree);
            next = beginGeneration(place.next(), content);
        } catch (IOException | RuntimeException | Error e) {
            throw new NotWrittenException(e);
        }
        try {
            file.install(content);
        } catch (NotWrittenException e) {
            next.close();
            discardGeneration();
            throw e;
        } catch (IOException e) {
            next.close();
            breakJournal();
            throw e;
        }
        // The new journal was made for this file, and the file is durable: from here on commits follow there.
        adopt(next, content);
        tidyUpLater();
    }

    /** Keeps the file as it is as a generation, and begins an empty journal after it. The journal must be empty. */
    void keepGeneration() throws IOException {
        Content content = file.current();
        adopt(beginGeneration(place.file(), content), content);
        tidyUpLater();
    }

    private Journal beginGeneration(Path source, Content content) throws IOException {
        number++;
        tidy = false;
        try {
            copyToGeneration(source, content);
            Journal begun = Journal.create(disk, place, number, content);
            disk.forceDirectory(place.directory());
            return begun;
        } catch (IOException | RuntimeException | Error e) {
            discardGeneration();
            throw e;
        }
    }

    private void copyToGeneration(Path source, Content content) throws IOException {
        Path next = place.nextInside();
        disk.delete(next);
        byte[] bytes = content.bytes();
        if (bytes != null) {
            try (Disk.Output out = disk.create(next)) {
                out.write(bytes, bytes.length, 0);
                Journal.requireSize(out, next, bytes.length);
                out.force();
            }
        } else if (!Copies.copy(disk, source, next).same(content)) {
            throw new IOException(
                    source + " changed while it was copied, or its disk reads other bytes than were written");
        }
        disk.rename(next, place.generation(number));
    }

    /**
     * Takes a generation back that did not come to be. Its empty journal may follow the very file that is there, if the
     * tree came back to what it was; commits that went to the old journal now would be taken for older than it.
     */
    private void discardGeneration() {
        try {
            disk.delete(place.journal(number));
            disk.delete(place.generation(number));
            disk.forceDirectory(place.directory());
        } catch (IOException e) {
            breakJournal();
        }
    }

    /** The next commits go to new files: it is not certain that a journal of ours would be read. */
    private void breakJournal() {
        if (journal != null) {
            journal.breakUp();
        }
    }

    private void adopt(Journal next, Content base) throws IOException {
        Journal old = journal;
        journal = next;
        kept = base;
        if (old != null) {
            old.close();
        }
    }

    /** Goes on with a journal that is empty and follows the file. */
    void goOn(JournalScan scan) throws IOException {
        adopt(Journal.goOn(disk, place, scan), file.current());
        tidyUpLater();
    }

    private void tidyUpLater() {
        try {
            tidyUp();
        } catch (IOException e) {
            // Done again before the file is replaced; until then the old journals do no harm.
            reporter.tell(Kind.TROUBLE, "old files in " + place.directory() + " cannot be deleted: " + e, null, e);
        }
    }

    /** Deletes the journals before this one, durably, and generations beyond those that are kept. */
    private void tidyUp() throws IOException {
        List<Long> generations = new ArrayList<>();
        boolean changed = false;
        for (String name : disk.list(place.directory())) {
            long old = Place.journalNumber(name);
            if (old >= 0 && old != journal().number()) {
                disk.delete(place.journal(old));
                changed = true;
            }
            if (Place.generationNumber(name) >= 0) {
                generations.add(Place.generationNumber(name));
            }
        }
        generations.sort(null);
        for (int i = 0; i < generations.size() - settings.generations(); i++) {
            disk.delete(place.generation(generations.get(i)));
            changed = true;
        }
        if (changed) {
            disk.forceDirectory(place.directory());
        }
        tidy = true;
    }

    /** Where versions start: above all that were used before, since each opening that commits begins a generation. */
    long firstVersion() {
        return (number - 1) << Integer.SIZE;
    }

    private Journal journal() {
        Journal open = journal;
        if (open == null) {
            throw new AssertionError("recovery begins or goes on with a journal");
        }
        return open;
    }

    /** Closes the files, and writes nothing. */
    @Override
    public void close() throws IOException {
        if (journal != null) {
            journal.close();
        }
    }
}
