package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.file.JsonFile.Notice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a store in a file of its own. */
@Timeout(60)
public abstract class JsonFileCase {
    protected final List<Notice> notices = new CopyOnWriteArrayList<>();
    protected final JsonFileOptions options = JsonFile.options().onNotice(notices::add);
    /**
     * With a journal from the first byte on. The file is written at closing, after an hour, or when the journal is long:
     * a test that looks at the files of an open store finds the journal as the last commit left it.
     */
    protected final JsonFileOptions journal =
            options.journalAbove(0).rest(Duration.ofHours(1)).readableWithin(Duration.ofHours(1));

    protected Path directory;
    protected Path file;

    @BeforeEach
    public void inA(@TempDir Path temporary) throws IOException {
        directory = temporary.toRealPath();
        file = directory.resolve("state.json");
    }

    /** A store as a crash leaves it: the file is behind its journal, which has two commits. */
    protected final Path crashedJournal() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("crashed"));
        try (Store store = journal.open(file)) {
            store.put("count", 1);
            store.put("count", 2);
            copyAll(copy);
        }
        return copy.resolve("state.json");
    }

    /** Copies the files of a store as a crash would leave them, without the temporary files that a thread of the store makes meanwhile. */
    protected final void copyAll(Path to) throws IOException {
        if (Files.exists(file)) {
            Files.copy(file, to.resolve("state.json"));
        }
        Files.createDirectory(to.resolve("state.json.d"));
        for (Path inside : list(directory.resolve("state.json.d"))) {
            if (!inside.getFileName().toString().startsWith("tmp-")) {
                Files.copy(inside, to.resolve("state.json.d").resolve(inside.getFileName()));
            }
        }
    }

    protected final List<String> generations() throws IOException {
        List<String> generations = new ArrayList<>();
        for (Path inside : list(directory.resolve("state.json.d"))) {
            if (inside.getFileName().toString().startsWith("generation-")) {
                generations.add(Files.readString(inside));
            }
        }
        return generations;
    }

    protected static Path only(Path directory, String prefix) throws IOException {
        List<Path> found = list(directory).stream()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .collect(Collectors.toList());
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    protected static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().collect(Collectors.toList());
        }
    }

    /** Every file with its bytes; except the lock and the token, which name the last opener. */
    /** Every file there, except the unneeded ones that each opening makes anew or deletes. */
    protected static Map<String, String> all(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(path -> Files.isRegularFile(path)
                            && !path.endsWith("lock")
                            && !path.endsWith("holder")
                            && !path.getFileName().toString().startsWith("tmp-"))
                    .collect(Collectors.toMap(path -> directory.relativize(path).toString(), JsonFileCase::latin));
        }
    }

    protected static String latin(Path path) {
        try {
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new StoreException("test", e);
        }
    }

    protected final String text() throws IOException {
        return Files.readString(file);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
