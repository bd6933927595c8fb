package dev.heartwood.file.edits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.JsonFileOptions;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An editor that saves in place again and again, beside a program that commits again and again: no value of either is
 * lost. The witness is every commit in order: if a counter of one side ever went back, the other side has overwritten
 * it with an older value that it had read.
 */
class MergeEditsRaceTest extends JsonFileCase {
    private static final int EDITS = Boolean.getBoolean("heartwood.long") ? 1_000 : 25;
    /** An edit is based on a text that stood in the file this long before, at most; see {@link EditMerger}. */
    private static final long READ_TO_SAVE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final List<String> wentBack = new CopyOnWriteArrayList<>();
    private final Map<String, Long> newest = new ConcurrentHashMap<>();
    private final Map<String, Long> aside = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 16})
    @Timeout(600)
    void noValueOfEitherSideIsLost(long journalAbove) throws Exception {
        long seed = 42 + journalAbove;
        System.out.println("edits against commits, seed " + seed);
        JsonFileOptions way = JsonFile.options()
                .journalAbove(journalAbove)
                .mergeEdits()
                .onNotice(notice -> {
                    notices.add(notice);
                    lookAside(notice.kept());
                });
        Map<String, Long> saved = new TreeMap<>();
        Map<String, Long> committed = new TreeMap<>();
        try (Store store = way.open(file)) {
            store.put(KeyPath.of("program", "p0"), 0);
            store.put(KeyPath.of("hand", "h0"), 0);
            store.flush();
            store.watch(
                    KeyPath.root(),
                    Delivery.every(Runnable::run),
                    update -> witness(update.after().toMap()));
            AtomicBoolean done = new AtomicBoolean();
            Thread program = new Thread(() -> program(store, new Random(seed), committed, done));
            program.start();
            Random random = new Random(~seed);
            for (long n = 1; n <= EDITS; n++) {
                String key = "h" + random.nextInt(5);
                edit(key, n, random);
                saved.put(key, n);
                Thread.sleep(random.nextInt(150));
            }
            done.set(true);
            program.join();
        }
        assertThat(wentBack).isEmpty();
        // What was half written when it was kept is whole by now.
        notices.forEach(notice -> lookAside(notice.kept()));
        try (Store store = options.open(file)) {
            committed.forEach((key, value) ->
                    assertThat(store.get(KeyPath.of("program", key))).as(key).isEqualTo(value));
            saved.forEach((key, value) -> assertThat(Math.max(
                            store.getOrDefault(KeyPath.of("hand", key), Long.class, 0L), aside.getOrDefault(key, 0L)))
                    .as("%s is neither in the tree nor kept aside", key)
                    .isEqualTo(value));
        }
        System.out.println(EDITS + " edits against "
                + committed.values().stream().mapToLong(n -> n).max().orElse(0) + " commits, " + aside.size()
                + " keys kept aside");
    }

    private void program(Store store, Random random, Map<String, Long> committed, AtomicBoolean done) {
        for (long n = 1; !done.get(); n++) {
            String key = "p" + random.nextInt(5);
            try {
                store.put(KeyPath.of("program", key), n);
                committed.put(key, n);
                Thread.sleep(random.nextInt(10));
            } catch (StoreException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void witness(Map<String, Object> tree) {
        for (String side : List.of("program", "hand")) {
            ((Map<?, ?>) tree.get(side)).forEach((key, value) -> {
                Long before = newest.put((String) key, (Long) value);
                if (before != null && before > (Long) value) {
                    wentBack.add(key + " was " + before + " and then " + value);
                }
            });
        }
    }

    /** Reads the file, changes one value, and saves it: all at once or in two halves. */
    private void edit(String key, long value, Random random) throws Exception {
        for (; ; ) {
            long start = System.nanoTime();
            Map<String, Object> tree;
            try {
                tree = Json.readStore(Files.readString(file)).toMap();
            } catch (JsonException | NoSuchFileException e) {
                Thread.sleep(5);
                continue;
            }
            @SuppressWarnings("unchecked")
            Map<String, Object> hand = (Map<String, Object>) tree.get("hand");
            if (hand == null) {
                // The file does not follow the journal yet.
                Thread.sleep(5);
                continue;
            }
            hand.put(key, value);
            byte[] text = Json.write(tree).getBytes(StandardCharsets.UTF_8);
            if (System.nanoTime() - start > READ_TO_SAVE_NANOS) {
                continue;
            }
            int half = random.nextBoolean() ? text.length : random.nextInt(text.length);
            try (OutputStream out = Files.newOutputStream(file)) {
                out.write(text, 0, half);
                if (half < text.length) {
                    Thread.sleep(random.nextInt(60));
                }
                out.write(text, half, text.length - half);
            }
            return;
        }
    }

    private void lookAside(@Nullable Path kept) {
        if (kept != null) {
            read(kept).forEach((key, value) -> aside.merge(key, value, Math::max));
        }
    }

    private static Map<String, Long> read(Path kept) {
        Map<String, Long> found = new TreeMap<>();
        try {
            Object hand = Json.readStore(Files.readString(kept)).toMap().get("hand");
            ((Map<?, ?>) hand).forEach((key, value) -> found.put((String) key, (Long) value));
        } catch (IOException | JsonException e) {
            // Half written by then; the rest comes into the kept file.
        }
        return found;
    }
}
