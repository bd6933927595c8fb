package dev.heartwood.file.disk;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the files of one store are: {@code state.json}, which people read, and {@code state.json.d} beside it.
 *
 * <pre>
 * state.json                        the tree
 * state.json.external-1             what somebody else wrote into it while we ran; kept, never deleted by us
 * state.json.corrupt-1              what repair() found there; kept
 * state.json.committed-1            what had been committed when takeFile() chose the file, or the journal; kept
 * state.json.d/lock                 locked by the process that has it open
 * state.json.d/holder               which opening holds the store: its token
 * state.json.d/journal-7.jsonl      commits since the tree whose hash its first line names
 * state.json.d/generation-7.json    the tree as it was at that time; the last few of them
 * state.json.d/replaced             the file before the last one, while the store is open; see {@code TreeFile}
 * state.json.d/replaced-2           the same, in turn
 * state.json.d/durable              how far the open store is durable, for programs that follow it; see {@code DurableMark}
 * state.json.d/superseded           hashes of earlier versions of the file, whose journals are deleted
 * state.json.d/tmp-…                on their way to another name; and an empty file with the access control list of the
 * file state.json.d/torn-7               what followed the last whole commit of a journal: a write that was cut off
 * </pre>
 */
public final class StoreLayout {
    private static final Pattern JOURNAL = Pattern.compile("journal-(\\d{1,18})\\.jsonl");
    private static final Pattern TORN = Pattern.compile("torn-(\\d{1,18})");
    private static final Pattern GENERATION = Pattern.compile("generation-(\\d{1,18})\\.json");

    private static final Pattern TEMPORARY = Pattern.compile("tmp([-+][0-9a-f]{8}(-rights|-like-\\d{1,18})?)?");
    private static final String NO_OPENING = "00000000";

    /** The end of the directory's name, after the name of the file. */
    static final String DIRECTORY = ".d";
    /** The name of the token of the opening that holds the store. */
    static final String HOLDER = "holder";

    private final Path file;
    private final Path parent;
    private final Path directory;
    private final String opening;
    // Paths that each commit uses: to make one takes as long as to ask the machine for a file's attributes.
    private final Path next;
    private final Path holder;
    private final List<Path> replaced;
    private final Path rights;

    /** The place of a file, given by its real path. */
    public StoreLayout(Path file) {
        this(file, NO_OPENING);
    }

    private StoreLayout(Path file, String opening) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("expected an absolute path, not " + file);
        }
        this.file = file;
        this.parent = parent;
        this.directory = parent.resolve(name() + DIRECTORY);
        this.opening = opening;
        this.next = parent.resolve(nextPrefix() + "-" + opening);
        this.holder = directory.resolve(HOLDER);
        this.replaced = List.of(directory.resolve("replaced"), directory.resolve("replaced-2"));
        this.rights = directory.resolve("tmp-" + opening + "-rights");
    }

    /**
     * This place for one opening of the store. Its temporary files have names of their own, so that a later opening can
     * delete them, and a rename that an earlier holder began too late finds nothing to rename.
     *
     * @param opening eight hexadecimal digits
     */
    StoreLayout of(String opening) {
        return new StoreLayout(file, opening);
    }

    /** The file that people read. */
    public Path file() {
        return file;
    }

    public Path parent() {
        return parent;
    }

    public Path directory() {
        return directory;
    }

    /**
     * Makes the directory beside the file, durably, if it is not there. It has the owner of the file. Returns whether
     * it was made.
     */
    public boolean prepare(Disk disk) throws IOException {
        Disk.Attributes found = disk.attributes(directory);
        if (found != null) {
            if (found.kind() == Disk.Kind.FILE) {
                throw new StoreIOException(
                        "cannot open " + file + ": " + directory
                                + " is a file, and the store keeps its lock, journal and"
                                + " copies in a directory of that name. No file was changed. Move it away",
                        null);
            }
            return false;
        }
        disk.createDirectory(directory);
        StorePermissions.give(disk, directory, file);
        disk.forceDirectory(parent);
        return true;
    }

    /**
     * Refuses a name in the store's directory that is anything but a file, if it exists. Opening a pipe would wait for
     * its other end, and writing through a symbolic link would change a foreign file.
     *
     * @throws StoreIOException if so
     */
    public static void requireFile(Disk disk, Path path) throws IOException {
        Disk.Attributes found = disk.attributes(path);
        if (found != null && found.kind() != Disk.Kind.FILE) {
            throw new StoreIOException(
                    path
                            + " is no regular file, and the store keeps a file of its own under that name: it is none of its"
                            + " files. No file was changed; move it away",
                    null);
        }
    }

    /** Deletes the remains of writes that a crash interrupted: on a full disk they would take the room. */
    public void sweep(Disk disk) throws IOException {
        disk.delete(next());
        disk.delete(nextAgain());
        disk.delete(nextInside());
        disk.delete(rights());
    }

    public Path lock() {
        return directory.resolve("lock");
    }

    /** The token of the opening that holds the store. */
    public Path holder() {
        return holder;
    }

    /** How far the open store is durable. */
    public Path durable() {
        return directory.resolve("durable");
    }

    /** The opening that this place is for, as {@link #of} has it. */
    public String opening() {
        return opening;
    }

    /**
     * The temporary file that is about to become the file. In its own directory: renaming across two is not atomic
     * everywhere.
     */
    public Path next() {
        return next;
    }

    private String nextPrefix() {
        return "." + name() + ".heartwood-tmp";
    }

    /** The temporary file that is about to become a journal, a generation or a token. */
    public Path nextInside() {
        return directory.resolve("tmp-" + opening);
    }

    /** An empty file with the access control list of the file, while the store is open. */
    public Path rights() {
        return rights;
    }

    /**
     * The same for a copy of any file, while it is created; of a number of its own, since a checkpoint makes copies,
     * too.
     */
    Path rightsOfCopy(long number) {
        return directory.resolve("tmp-" + opening + "-like-" + number);
    }

    /** The temporary file that is used in place of {@link #next} if the rights of the file change while that is written. */
    public Path nextAgain() {
        // Not longer than the name of next: if that name is short enough, so is this one.
        return parent.resolve(nextPrefix() + "+" + opening);
    }

    /** Whether a path is a temporary file of this opening: no other opening has files of that name. */
    boolean isTemporary(Path path) {
        String name = path.getFileName().toString();
        return path.equals(next()) || path.equals(nextAgain()) || name.startsWith("tmp-" + opening);
    }

    /** Whether a name beside the file is {@link #next}, of this opening or of another one. */
    boolean isNext(String name) {
        return name.startsWith(nextPrefix())
                && TEMPORARY
                        .matcher("tmp" + name.substring(nextPrefix().length()))
                        .matches();
    }

    /**
     * A name beside the file, with the beginning that {@link #next} has, where it differs from that in upper and lower
     * case alone: an earlier opening may have spelled the file so. Only where the file system takes the two for one
     * there is a file of this name.
     */
    String spelledAsNext(String name) {
        String prefix = nextPrefix();
        return name.regionMatches(true, 0, prefix, 0, prefix.length())
                ? prefix + name.substring(prefix.length())
                : name;
    }

    /** Whether a name in the directory is {@link #nextInside}, of this opening or of another one. */
    static boolean isNextInside(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    public Path journal(long number) {
        return directory.resolve("journal-" + number + ".jsonl");
    }

    public Path generation(long number) {
        return directory.resolve("generation-" + number + ".json");
    }

    /** The newest commits, for people and histories: {@code CommitLog}. */
    public Path commits() {
        return directory.resolve("commits.jsonl");
    }

    /** The commits before those. */
    public Path olderCommits() {
        return directory.resolve("commits-older.jsonl");
    }

    /** The hashes of earlier versions of the file. */
    public Path superseded() {
        return directory.resolve("superseded");
    }

    /** The bytes after the whole commits of a journal: a write that was cut off. */
    public Path torn(long number) {
        return directory.resolve("torn-" + number);
    }

    /**
     * The second name of the file that the last one replaced: an editor that had it open may still write into it. Two,
     * in turn, so that the next one has a name before the one before it is deleted.
     */
    public List<Path> replaced() {
        return replaced;
    }

    /** The number of a copy that is kept for a person under this name, or -1. */
    public int keptNumber(String why, String name) {
        String prefix = name() + "." + why + "-";
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return number.matches("[1-9]\\d{0,8}") ? Integer.parseInt(number) : -1;
    }

    /**
     * The attributes of the file, without the second names that it has where a crash came right before a rename: the next one
     * takes them away.
     */
    public Disk.Attributes withoutOwnNames(Disk disk, Disk.Attributes found) throws IOException {
        int links = found.links();
        for (Path second : replaced()) {
            if (links > 1
                    && disk.attributes(second) != null
                    && Objects.equals(disk.identity(second), disk.identity(file))) {
                links--;
            }
        }
        return new Disk.Attributes(found.kind(), found.size(), links, found.mode(), found.owner(), found.group());
    }

    /** A copy that is kept for a person, beside the file. */
    public Path kept(String why, int number) {
        return parent.resolve(name() + "." + why + "-" + number);
    }

    /** The number of the journal that is named so, or -1. */
    public static long journalNumber(String name) {
        return number(JOURNAL, name);
    }

    /** The number of the generation that is named so, or -1. */
    public static long generationNumber(String name) {
        return number(GENERATION, name);
    }

    /** The number of the remains that are named so, or -1. */
    public static long tornNumber(String name) {
        return number(TORN, name);
    }

    private static long number(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private String name() {
        return file.getFileName().toString();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
