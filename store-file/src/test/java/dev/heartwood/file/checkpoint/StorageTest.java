package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.CommitEdits;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.recovery.Recovery;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the files after a step that failed, and that the next one succeeds. */
class StorageTest {
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Files.writeString(place.file(), "{}");
        place.prepare(new RealDisk());
    }

    /** Otherwise its empty journal could follow the file at the next opening, before one with commits. */
    @Test
    void aGenerationWhoseJournalCannotBeMadeIsTakenBack() throws IOException {
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        try (Storage storage = open(new ForwardingDisk() {
            @Override
            public Output create(Path file, int mode) throws IOException {
                if (left.getAndDecrement() == 0) {
                    throw new IOException("planted");
                }
                return super.create(file, mode);
            }
        })) {
            List<String> before = names();
            int failures = 0;
            for (boolean made = false; !made; failures++) {
                left.set(failures);
                try {
                    storage.keepGeneration();
                    made = true;
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("planted");
                    assertThat(names()).isEqualTo(before);
                }
            }
            // Of the copy, of an access control list where there is one, and of the journal.
            assertThat(failures).isGreaterThan(2);
        }
    }

    @Test
    void aCommitThatCannotBeEncodedIsNotWrittenForSureAndTheNextOneIs() throws IOException {
        try (Storage storage = open(new RealDisk())) {
            for (Error cause : List.of(new OutOfMemoryError("planted"), new StackOverflowError("planted"))) {
                CommitEdits bad = new CommitEdits(1, new Failing(cause), Origin.of(null, null, null));
                assertThatThrownBy(() -> storage.write(List.of(bad), HashMap.of("a", 1L)))
                        .isInstanceOf(NotWrittenException.class)
                        .hasStackTraceContaining("planted");
            }
            storage.write(List.of(CommitEdits.of(new Edit.Put(KeyPath.of("a"), 2L))), HashMap.of("a", 2L));
        }
        try (Stream<Path> all = Files.list(place.directory())) {
            assertThat(all.filter(path -> path.getFileName().toString().startsWith("journal-")))
                    .singleElement()
                    .satisfies(path -> assertThat(Files.readAllLines(path)).hasSize(2));
        }
    }

    private Storage open(Disk disk) throws IOException {
        return Recovery.open(
                        new StoreContext(disk, place, CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY))
                .storage();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(place.directory())) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("generation-") || name.startsWith("journal-"))
                    .sorted()
                    .toList();
        }
    }

    /** Edits that a full heap does not let anybody read. */
    private static final class Failing extends AbstractList<Edit> {
        private final Error cause;

        Failing(Error cause) {
            this.cause = cause;
        }

        @Override
        public Edit get(int index) {
            throw cause;
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
