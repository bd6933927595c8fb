package dev.heartwood.file.journal;

import dev.heartwood.Origin;
import dev.heartwood.StoreException;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.history.RecordedCommits;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that {@link CommitLog} has written. They were never synced, and may be written at this moment: a line that
 * makes no sense, or does not follow the line before it, is a gap up to the next whole tree.
 */
public final class KeptCommits {
    /** Stands before the edits of a line, and nowhere before that. */
    static final String EDITS = ",\"edits\":";

    private static final long NOWHERE = -1;
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    private final TreeFormat format;
    private final EditCodec codec;
    private @Nullable RecordedCommits commits;
    /** The version that the last line has led to. */
    private long at = NOWHERE;

    private KeptCommits(TreeFormat format) {
        this.format = format;
        this.codec = new EditCodec(format);
    }

    /** All commits that are kept; null if there are none. */
    public static @Nullable RecordedCommits read(Disk disk, StoreLayout place, TreeFormat format) throws IOException {
        KeptCommits kept = new KeptCommits(format);
        kept.read(disk, place.olderCommits());
        kept.read(disk, place.commits());
        return kept.commits;
    }

    private void read(Disk disk, Path file) throws IOException {
        Disk.Attributes found = disk.attributes(file);
        if (found == null || found.kind() != Disk.Kind.FILE) {
            return;
        }
        try (BufferedReader in = new BufferedReader(new InputStreamReader(disk.read(file), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty()) {
                    take(line);
                }
            }
        }
    }

    private void take(String line) {
        try {
            if (!(format.readValue(line) instanceof HashMap<?, ?> found)) {
                throw new StoreException("expected an object");
            }
            HashMap<String, @Nullable Object> members = Nodes.map(found);
            long version = number(members, "version");
            if (members.getOrElse("base", null) instanceof HashMap<?, ?> base) {
                base(version, Nodes.map(base));
            } else {
                commit(version, number(members, "after"), line.substring(line.indexOf(EDITS) + EDITS.length()));
            }
        } catch (StoreException | IllegalArgumentException | IndexOutOfBoundsException e) {
            at = NOWHERE; // later commits do not follow from the known ones
        }
    }

    private void base(long version, HashMap<String, @Nullable Object> tree) {
        RecordedCommits known = commits;
        if (known == null) {
            commits = new RecordedCommits(version, tree, UNKNOWN);
        } else if (version < known.newest().version()) {
            return; // an older line, met twice while the files changed their names
        } else if (!TreeEquality.trees(known.newest().root(), tree)) {
            known.addAfterGap(version, tree, UNKNOWN);
        }
        at = version;
    }

    private void commit(long version, long after, String edits) {
        RecordedCommits known = commits;
        if (known == null || at == NOWHERE || version <= at) {
            return;
        } else if (after != at) {
            at = NOWHERE;
            return;
        }
        String json = edits.substring(0, edits.length() - 1);
        known.add(version, codec.apply(json, known.newest().root()), codec.origin(json));
        at = version;
    }

    private static long number(HashMap<String, @Nullable Object> members, String name) {
        if (members.getOrElse(name, null) instanceof Long number) {
            return number;
        }
        throw new StoreException("expected a whole number as " + name);
    }
}
