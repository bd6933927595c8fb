package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.text.ContentFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A small file as a program leaves it that merges edits by hand, and is killed at any moment; then somebody deletes the file, or writes into it.
 */
class EditedAfterAKillTest extends JsonFileCase {
    private static final Settings MERGING = CrashHarness.settings(4_096).withMergeEdits(Duration.ofSeconds(5));
    private static final int COMMITS = 5;

    /** The files as a program that is killed leaves them, in order. */
    private final List<Path> left = new ArrayList<>();

    enum Deed {
        DELETED,
        UNFINISHED,
        PUT_BACK
    }

    private static StoreContext context(Disk disk, Path of) {
        return new StoreContext(disk, new StoreLayout(of), CrashHarness.FORMAT, MERGING, Reporter.NOBODY);
    }

    private static Store open(Disk disk, Path of) throws IOException {
        return Store.over(FileRoot.open(context(disk, of)));
    }

    private static String text(long n) {
        return "{\n  \"n\": " + n + "\n}\n";
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void takesNoCommitBackThatIsKnown(Deed deed) throws IOException {
        try (Store store = open(new Copying(), file)) {
            for (int n = 1; n <= COMMITS; n++) {
                if (n == COMMITS - 1) {
                    // From here on commits go to the journal.
                    Files.writeString(file, "{\"n\": ");
                }
                store.put("n", n);
                store.flush();
            }
        }
        int opened = 0;
        for (Path copy : left) {
            Path killed = copy.resolve("state.json");
            long known = known(copy);
            long acknowledged = acknowledged(copy);
            if (deed == Deed.DELETED) {
                Files.deleteIfExists(killed);
            } else {
                // The texts of later commits have never stood in the file.
                long before = Math.max(1, Math.min(acknowledged - 1, COMMITS - 3));
                Files.writeString(killed, deed == Deed.UNFINISHED ? "{\"n\": " : text(before));
            }
            try (Store store = open(new ForwardingDisk(), killed)) {
                opened++;
                assertThat(store.getOrDefault("n", Long.class, 0L))
                        .as(copy.toString())
                        .isGreaterThanOrEqualTo(Math.min(known, acknowledged));
            } catch (StoreIOException e) {
                // The last commit had been answered, and was not in the log yet.
                assertThat(known).as(copy + ": " + e.getMessage()).isLessThan(acknowledged);
            }
        }
        assertThat(opened).isGreaterThan(left.size() / 2);
    }

    /** The newest number that stands in files other than the file. */
    private static long known(Path copy) throws IOException {
        long known = 0;
        for (Path each : list(copy.resolve("state.json.d"))) {
            String name = each.getFileName().toString();
            if (name.endsWith("jsonl") || name.startsWith("generation")) {
                String text = Files.readString(each);
                for (long n = 1; n <= COMMITS; n++) {
                    if (text.contains("\"value\":" + n) || text.equals(text(n))) {
                        known = Math.max(known, n);
                    }
                }
            }
        }
        return known;
    }

    /** The number that the mark says to be durable; 0 where there is no telling. */
    private static long acknowledged(Path copy) throws IOException {
        Path mark = copy.resolve("state.json.d/durable");
        DurableMark found = Files.exists(mark) ? DurableMark.parse(Files.readAllBytes(mark)) : null;
        if (found != null && found.state() instanceof DurableMark.FileState state) {
            for (long n = 1; n <= COMMITS; n++) {
                ContentFingerprint content = state.content();
                if (content.is(bytes(text(n)))) {
                    return n;
                }
            }
        } else if (found != null && found.state() instanceof DurableMark.JournalState journal) {
            return COMMITS - 2 + journal.commits();
        }
        return 0;
    }

    /** Copies all files before each step that counts, and after it. */
    private final class Copying extends ForwardingDisk {
        private void copied() throws IOException {
            if (!Files.exists(directory.resolve("state.json.d/durable"))) {
                return;
            }
            Path copy = Files.createDirectory(directory.resolve("killed-" + left.size()));
            if (Files.exists(file)) {
                Files.copy(file, copy.resolve("state.json"));
            }
            Path inside = Files.createDirectory(copy.resolve("state.json.d"));
            for (Path each : JsonFileCase.list(directory.resolve("state.json.d"))) {
                if (!each.endsWith("lock")) {
                    Files.copy(each, inside.resolve(each.getFileName()));
                }
            }
            left.add(copy);
        }

        @Override
        public Output open(Path path) throws IOException {
            return new ForwardingOutput(super.open(path)) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    super.write(bytes, length, position);
                    copied();
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            copied();
            super.rename(from, to);
            copied();
        }

        @Override
        public void delete(Path path) throws IOException {
            super.delete(path);
            copied();
        }
    }
}
