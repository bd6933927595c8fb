package dev.heartwood.file.recovery;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.Utf8Check;
import java.util.StringJoiner;

/**
 * The messages of a refused opening: each names the reason and the remedy. Nothing was changed when one of these is
 * thrown.
 */
public final class OpenErrors {
    private final StoreLayout place;

    public OpenErrors(StoreLayout place) {
        this.place = place;
    }

    /** The file was edited, and commits follow another one. */
    public StoreIOException conflict(JournalScan journal) {
        return new StoreIOException(
                place + " was edited while it was not open, and " + journal.file() + " holds " + journal.commits()
                        + " commits that follow the file as it was before. No file was changed. Open it with"
                        + " takeFile() to go on with the file (what was committed is kept beside it), or with"
                        + " takeJournal() to go on with what was committed (the file is kept beside it)"
                        + byTool("take-file", "take-journal"),
                null);
    }

    /** The file is one that we wrote, and commits came after it that are neither in it nor in a journal that follows it. */
    public StoreIOException stale() {
        return new StoreIOException(
                place + " is older than what is in " + place.directory()
                        + ": it is a version of the file that was followed by"
                        + " commits, and those are in a newer one. The two were copied one after the other while the"
                        + " store was open, or an older file was put back. No file was changed. To go on with the newest"
                        + " state that is there, put the generation-N.json with the largest N of that directory in the"
                        + " place of the file, or open it with takeJournal(), which keeps the file. To go on with the"
                        + " older file, move " + place.directory() + " away, or open it with takeFile()"
                        + byTool("take-file", "take-journal"),
                null);
    }

    /** As {@link #conflict}, and the tree that those commits follow is gone, too. */
    public StoreIOException baseless(JournalScan journal) {
        return new StoreIOException(
                place + " was edited while it was not open, and " + journal.file() + " holds " + journal.commits()
                        + " commits that follow the file as it was before, of which the copy, "
                        + place.generation(journal.number()) + ", is missing or damaged. No file was changed. Restore"
                        + " that copy from a backup; or open it with takeFile() to go on with the file (the journal is"
                        + " kept beside it), or with repair() to go back to the newest generation that can be read (the"
                        + " file and the journal are kept beside it)"
                        + byTool("take-file", "repair"),
                null);
    }

    /** Refuses a path that is no file, or a file with several names. */
    public void requirePlainFile(Disk.Attributes found) {
        if (found.kind() != Disk.Kind.FILE) {
            throw new StoreIOException(
                    place + " is " + (found.kind() == Disk.Kind.DIRECTORY ? "a directory" : "no regular file")
                            + "; expected a JSON file, or nothing",
                    null);
        }
        if (found.links() > 1) {
            throw new StoreIOException(
                    place + " has " + found.links()
                            + " names (hard links): replacing it would part them. Remove the others"
                            + ", or make them copies",
                    null);
        }
    }

    /** The file is missing, and was there before. */
    public StoreIOException missing() {
        return new StoreIOException(
                place + " is missing, and " + place.directory()
                        + " shows that it was there. Nothing was changed. Put it"
                        + " back, open it with repair() to go back to the newest state in it that can be read, or delete "
                        + place.directory() + " to begin with an empty tree"
                        + byTool("repair"),
                null);
    }

    /** The file says no tree. */
    public StoreIOException unreadable(StoreException e, Disk.Attributes file, boolean alone) {
        if (file.size() == 0) {
            return new StoreIOException(
                    place + " is empty, which is no JSON. Nothing was changed. "
                            + (alone
                                    ? "Write {} into it, or delete it, to begin with an empty tree"
                                    : "Open it with repair() to go back to the newest state that can be read in "
                                            + place.directory() + ", or write {} into it to begin with an empty tree"
                                            + byTool("repair")),
                    e);
        }
        boolean database = e instanceof Utf8Check.SqliteDatabaseException;
        if (alone) {
            return new StoreIOException(
                    place + " cannot be read: " + e.getMessage() + ". Nothing was changed. "
                            + (database
                                    ? "Open it with that, or choose another file, to begin with an empty tree"
                                    : "Correct it in an editor, or move it away to begin with an empty tree"),
                    e);
        }
        return new StoreIOException(
                place + " cannot be read: " + e.getMessage()
                        + ". Nothing was changed. "
                        + (database
                                ? "Move it away and put the JSON file back, or open this one"
                                : "Correct it in an editor, or open it")
                        + " with repair(), which keeps this file as " + place.kept("corrupt", 1)
                        + " and goes back to the newest state that can be read"
                        + byTool("repair"),
                e);
    }

    /** No array is so long. */
    StoreIOException tooLong(long size, long limit) {
        return new StoreIOException(
                place + " has " + size + " bytes, and " + limit
                        + " are the most that can be read. Nothing was changed. Is it the right file?",
                null);
    }

    /** Reading failed for want of memory. */
    StoreIOException tooLargeForTheHeap(long size, OutOfMemoryError e) {
        return new StoreIOException(
                place + " has " + size + " bytes, and this program, which may use "
                        + Runtime.getRuntime().maxMemory()
                        + " bytes of memory, has not enough for them. Nothing was changed. Give it more (-Xmx)",
                e);
    }

    /** A journal lost acknowledged commits. */
    public StoreIOException corrupt(JournalScan journal) {
        return new StoreIOException(
                journal.file() + " is damaged: " + journal.damage()
                        + ". Nothing was changed. Restore it from a backup, or" + " open " + place
                        + " with repair(), which keeps it and goes on with the commits before that"
                        + byTool("repair"),
                null);
    }

    /** The same advice for users without a program at hand. */
    private String byTool(String... commands) {
        StringJoiner names = new StringJoiner(" or ", ". With the command line tool: ", "");
        for (String command : commands) {
            names.add("heartwood " + command + " " + place);
        }
        return names.toString();
    }
}
