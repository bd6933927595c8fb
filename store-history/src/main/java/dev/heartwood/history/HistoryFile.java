package dev.heartwood.history;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.heartwood.Change;
import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.PathPattern;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonOptions;
import dev.heartwood.json.JsonPatch;
import dev.heartwood.tree.LinkTarget;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history as a file of JSON lines. The first line has the format and the oldest state, each other line a commit:
 *
 * <pre>
 * {"base":{"account":{"rent":0}},"history":1,"version":0}
 * {"author":"planner","changes":[{"op":"replace","path":"/account/rent","value":900,"was":0}],"label":"pay rent",...}
 * {"changes":[...],"gap":true,"version":9}
 * </pre>
 *
 * <p>The first line also has the patterns of the places that were recorded, or redacted, as {@code only} and {@code redacted}.
 * Members that a reader does not know are ignored; a larger format number is refused.
 */
final class HistoryFile {
    private static final long FORMAT = 1;
    private static final JsonOptions JSON =
            Json.options().mapper(textMapper()).maxDocumentLength(Integer.MAX_VALUE - 8L);

    private HistoryFile() {}

    static void save(Records records, Path file) {
        Path next = null;
        try {
            Path target = LinkTarget.toReplace(file);
            // Readable only by its owner, like temporary files: a history has all values of the tree.
            next = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".tmp");
            try (Writer out = Files.newBufferedWriter(next)) {
                write(records, out);
            }
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(next, e);
            throw new StoreIOException(
                    "cannot save the history to " + file + ": " + reason(e, file) + ". An existing file is unchanged",
                    e);
        } catch (Throwable e) {
            discard(next, e); // a value that cannot be written, perhaps
            throw e;
        }
    }

    /** The message of many exceptions is only the path of a file. */
    private static String reason(IOException e, Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            return "it is a directory";
        } else if (parent != null && !Files.isDirectory(parent)) {
            return "there is no directory " + parent + "; make it first";
        } else if (e instanceof AccessDeniedException) {
            return "this program may not do that; run it as a user who may";
        } else if (e instanceof CharacterCodingException) {
            return "it is not text in UTF-8";
        }
        String message = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static void discard(@Nullable Path next, Throwable failure) {
        try {
            if (next != null) {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void write(Records records, Writer out) throws IOException {
        Snapshot base = records.states().get(0);
        Map<String, @Nullable Object> first = line(base);
        first.put("history", FORMAT);
        first.put("base", base.root());
        putPatterns(first, "only", records.places().only());
        putPatterns(first, "redacted", records.places().redacted());
        write(first, out);
        for (int i = 1; i < records.size(); i++) {
            Entry entry = records.entry(i, KeyPath.root());
            Map<String, @Nullable Object> line = line(entry.state());
            if (entry.isGap()) {
                line.put("gap", true);
            }
            List<@Nullable Object> changes = new ArrayList<>();
            for (Change change : entry.diff()) {
                changes.add(change(change));
            }
            line.put("changes", changes);
            write(line, out);
        }
    }

    private static void write(Map<String, @Nullable Object> line, Writer out) throws IOException {
        out.write(JSON.write(line));
        out.write('\n');
    }

    private static Map<String, @Nullable Object> line(Snapshot state) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("version", state.version());
        Origin origin = state.origin();
        putIfKnown(line, "author", origin.author());
        putIfKnown(line, "label", origin.label());
        putIfKnown(line, "time", origin.time() == null ? null : origin.time().toString());
        putIfKnown(line, "thread", origin.thread());
        putIfKnown(line, "threadId", origin.threadId() == 0 ? null : origin.threadId());
        putIfKnown(line, "attempts", origin.attempts() == 0 ? null : origin.attempts());
        putIfKnown(
                line,
                "conflict",
                origin.conflict() == null ? null : origin.conflict().toString());
        putIfKnown(line, "where", origin.where());
        return line;
    }

    private static void putIfKnown(Map<String, @Nullable Object> line, String name, @Nullable Object value) {
        if (value != null) {
            line.put(name, value);
        }
    }

    private static void putPatterns(Map<String, @Nullable Object> line, String name, List<PathPattern> patterns) {
        if (!patterns.isEmpty()) {
            line.put(name, patterns.stream().map(PathPattern::toString).toList());
        }
    }

    private static Map<String, @Nullable Object> change(Change change) {
        Map<String, @Nullable Object> operation = new LinkedHashMap<>();
        operation.put("path", change.path().toString());
        if (change instanceof Change.Added added) {
            operation.put("op", "add");
            operation.put("value", added.value());
        } else if (change instanceof Change.Removed removed) {
            operation.put("op", "remove");
            operation.put("was", removed.value());
        } else if (change instanceof Change.Replaced replaced) {
            operation.put("op", "replace");
            operation.put("value", replaced.after());
            operation.put("was", replaced.before());
        }
        return operation;
    }

    static Records load(Path file) {
        HistoryOptions places = HistoryOptions.DEFAULT;
        int number = 0;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            RecordedCommits commits = null;
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                number++;
                HashMap<String, @Nullable Object> line = JSON.read(text);
                if (commits == null) {
                    commits = first(line);
                    places = places.only(patterns(line, "only")).redact(patterns(line, "redacted"));
                } else {
                    add(line, commits);
                }
            }
            if (commits == null) {
                throw new StoreException("the file is empty");
            }
            // The text of a redacted value becomes a mark again, which shows only that the value changed.
            return places.places().isAll()
                    ? commits.records()
                    : commits.records().copy(places);
        } catch (NoSuchFileException e) {
            throw new StoreIOException("cannot read the history in " + file + ": there is no such file", e);
        } catch (IOException e) {
            throw new StoreIOException("cannot read the history in " + file + ": " + reason(e, file), e);
        } catch (StoreException | IllegalArgumentException e) {
            throw new StoreIOException(
                    file + ", line " + Math.max(1, number) + ", is none of a history: " + e.getMessage(), e);
        }
    }

    private static RecordedCommits first(HashMap<String, @Nullable Object> line) {
        if (!(line.getOrElse("history", null) instanceof Long format) || !line.containsKey("base")) {
            throw new StoreException("expected a first line with the members history and base");
        } else if (format > FORMAT) {
            throw new StoreException("it is in format " + format + ", and this version of the library knows format "
                    + FORMAT + ": a newer version wrote it. Read it with that version");
        } else if (line.getOrElse("base", null) instanceof HashMap<?, ?> base) {
            return new RecordedCommits(version(line), Nodes.map(base), origin(line), !line.containsKey("only"));
        }
        throw new StoreException("expected an object as base");
    }

    private static PathPattern[] patterns(HashMap<String, @Nullable Object> line, String name) {
        if (!(line.getOrElse(name, Vector.empty()) instanceof Vector<?> texts)) {
            throw new StoreException("expected a list of patterns as " + name);
        }
        return texts.map(text -> PathPattern.parse(String.valueOf(text))).toJavaArray(PathPattern[]::new);
    }

    private static void add(HashMap<String, @Nullable Object> line, RecordedCommits commits) {
        HashMap<String, @Nullable Object> tree = commits.newest()
                .edit(tx -> {
                    try {
                        JsonPatch.ofTree(line.getOrElse("changes", Vector.empty()))
                                .applyTo(tx);
                    } catch (ConflictException e) {
                        throw new StoreException("its changes do not apply to the state before it: " + e.getMessage());
                    }
                })
                .root();
        if (Boolean.TRUE.equals(line.getOrElse("gap", null))) {
            commits.addAfterGap(version(line), tree, origin(line));
        } else {
            commits.add(version(line), tree, origin(line));
        }
    }

    private static long version(HashMap<String, @Nullable Object> line) {
        if (line.getOrElse("version", null) instanceof Long version) {
            return version;
        }
        throw new StoreException("expected a whole number as version");
    }

    private static Origin origin(HashMap<String, @Nullable Object> line) {
        return Origin.of(
                text(line, "author"),
                text(line, "label"),
                time(text(line, "time")),
                text(line, "thread"),
                line.getOrElse("threadId", null) instanceof Long id ? id : 0,
                line.getOrElse("attempts", null) instanceof Long attempts ? attempts.intValue() : 0,
                path(text(line, "conflict")),
                text(line, "where"));
    }

    private static @Nullable String text(HashMap<String, @Nullable Object> line, String name) {
        return line.getOrElse(name, null) instanceof String text ? text : null;
    }

    private static @Nullable KeyPath path(@Nullable String text) {
        try {
            return text == null ? null : KeyPath.parse(text);
        } catch (IllegalArgumentException e) {
            throw new StoreException("expected a path as conflict: " + e.getMessage(), e);
        }
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new StoreException("expected a time as 2026-01-31T08:15:00Z, not " + text);
        }
    }

    private static ObjectMapper textMapper() {
        SimpleModule module = new SimpleModule();
        module.addSerializer(Object.class, new JsonSerializer<Object>() {
            @Override
            public void serialize(Object leaf, JsonGenerator out, SerializerProvider provider) throws IOException {
                out.writeString(String.valueOf(leaf));
            }
        });
        return new ObjectMapper().registerModule(module);
    }
}
