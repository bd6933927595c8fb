package dev.heartwood.file.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The single steps of a backup: what a power cut, a failure or another program between two of them meets. */
class BackupStepsTest extends JsonFileCase {
    private Path target;

    @BeforeEach
    void aStore() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
        }
        Files.createDirectory(directory.resolve("to"));
        target = directory.resolve("to/backup.json");
    }

    /** Writes down what becomes durable. */
    private static class Recording extends ForwardingDisk {
        final List<String> steps = new ArrayList<>();

        @Override
        public Output create(Path made, int mode) throws IOException {
            return new ForwardingOutput(super.create(made, mode)) {
                @Override
                public void force() throws IOException {
                    super.force();
                    steps.add("force " + made.getFileName());
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            steps.add("rename " + to.getFileName());
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            super.forceDirectory(directory);
            steps.add("names " + directory.getFileName());
        }
    }

    @Test
    void itsBytesAreDurableBeforeItsNameIsAndItsNameBeforeItIsReported() throws IOException {
        Recording disk = new Recording();
        Backup.make(disk, file, target);
        assertThat(disk.steps).hasSize(3);
        assertThat(disk.steps.get(0)).startsWith("force .backup.json");
        assertThat(disk.steps.subList(1, 3)).containsExactly("rename backup.json", "names to");
    }

    @Test
    void oneThatFailsAtItsLastStepsLeavesNothing() throws IOException {
        for (String failing : List.of("rename", "names")) {
            assertThatThrownBy(() -> Backup.make(
                            new ForwardingDisk() {
                                @Override
                                public void rename(Path from, Path to) throws IOException {
                                    if (failing.equals("rename")) {
                                        throw new IOException("planted");
                                    }
                                    super.rename(from, to);
                                }

                                @Override
                                public void forceDirectory(Path directory) throws IOException {
                                    throw new IOException("planted");
                                }
                            },
                            file,
                            target))
                    .hasMessage("planted");
            assertThat(list(directory.resolve("to"))).isEmpty();
        }
    }

    @Test
    void nobodyElseReadsItWhileItIsMade() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        List<String> rights = new ArrayList<>();
        Backup.make(
                new ForwardingDisk() {
                    @Override
                    public Output create(Path made, int mode) throws IOException {
                        Output out = super.create(made, mode);
                        // Who opens it now may read on, whatever rights it gets later.
                        rights.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
                        return out;
                    }
                },
                file,
                target);
        assertThat(rights).isNotEmpty().containsOnly("rw-------");
    }

    @Test
    void whatAnotherProgramMakesInItsPlaceMeanwhileIsNotTouched() throws IOException {
        assertThatThrownBy(() -> Backup.make(
                        new ForwardingDisk() {
                            @Override
                            public Output create(Path made, int mode) throws IOException {
                                if (made.equals(target)) {
                                    Files.writeString(target, "mine");
                                }
                                return super.create(made, mode);
                            }
                        },
                        file,
                        target))
                .hasMessageContainingAll("exists already", "overwrites nothing");
        assertThat(list(directory.resolve("to"))).containsExactly(target);
        assertThat(target).hasContent("mine");
    }

    @Test
    void aFileThatIsBeingReplacedIsReadOnceMore() throws IOException {
        List<Path> missed = new ArrayList<>();
        Backup.make(
                new ForwardingDisk() {
                    @Override
                    public InputStream read(Path read) throws IOException {
                        if (read.equals(file) && missed.isEmpty()) {
                            missed.add(read);
                            throw new NoSuchFileException(read.toString());
                        }
                        return super.read(read);
                    }
                },
                file,
                target);
        assertThat(missed).hasSize(1);
        assertThat(Json.read(target).get("a").get()).isEqualTo(1L);
    }
}
