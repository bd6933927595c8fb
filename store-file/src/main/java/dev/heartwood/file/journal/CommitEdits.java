package dev.heartwood.file.journal;

import dev.heartwood.Edit;
import dev.heartwood.Origin;
import dev.heartwood.storage.EditCodec;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit as the journal and the log of the newest commits have it: encoded once for both. For the thread that writes the
 * files.
 */
public final class CommitEdits {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    private final long version;
    private final List<Edit> edits;
    private final Origin origin;
    private byte @Nullable [] encoded;

    /**
     * A commit.
     *
     * @param version of the state that it leads to
     * @param edits its changes
     * @param origin author, label, thread and time
     */
    public CommitEdits(long version, List<Edit> edits, Origin origin) {
        this.version = version;
        this.edits = edits;
        this.origin = origin;
    }

    /** A commit of unknown origin, for the journal alone: that has no versions. */
    public static CommitEdits of(Edit... edits) {
        return new CommitEdits(0, List.of(edits), UNKNOWN);
    }

    /** The version of the state that it leads to. */
    long version() {
        return version;
    }

    /** The approximate number of bytes that it keeps in memory. */
    long weight() {
        return CommitWeight.of(edits);
    }

    /** The commit on one line, without a line feed, as every codec of the store writes it. Nobody changes the bytes. */
    public byte[] encoded(EditCodec codec) throws IOException {
        byte[] known = encoded;
        if (known == null) {
            known = codec.write(edits, origin);
            encoded = known;
        }
        return known;
    }
}
