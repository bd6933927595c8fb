package dev.heartwood.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartwood.StoreException;
import dev.heartwood.json.ArrivingText;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.StagedText.Parts;
import dev.heartwood.log.StagedText.Reference;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text that is in parts. A large one is read while it arrives, on threads of its own: two ask for its parts, so that the
 * server works at an answer while this process takes another one apart, one computes the checksum, and one reads the text. A
 * small one is read by the calling thread.
 */
final class StagedReader {
    /** A text of so many bytes is large. */
    static final int LARGE = 1 << 20;

    private static final int REQUESTS_FOR_LARGE = 2;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - Long.BYTES;

    private final Parts parts;
    private final String name;
    private final int count;
    /** The last part of a large text, which is asked for first. */
    private final byte @Nullable [] last;

    private final boolean isLarge;
    private final Executor threads;
    /** The requests under way, in the order of their parts. */
    private final Queue<CompletableFuture<Optional<byte[]>>> asked = new ArrayDeque<>();

    private int next = 1;

    private StagedReader(Parts parts, String name, int count, byte @Nullable [] last, @Nullable Executor threads) {
        this.parts = parts;
        this.name = name;
        this.count = count;
        this.last = last;
        this.isLarge = threads != null;
        this.threads = threads == null ? Runnable::run : threads;
    }

    /**
     * The result of {@code reader} for the text that was put, or null if parts of it are gone. The result for a damaged text is
     * dropped.
     *
     * @throws StoreException if the text is damaged, or from the reader
     */
    static <T> @Nullable T read(
            Parts parts, String kind, Position at, Reference reference, Function<ArrivingText, T> reader)
            throws Unavailable, Refused {
        String name = StagedText.name(kind, at);
        int count = reference.parts();
        String first = count == 0 ? "" : parts.get(name + "/0");
        if (first == null) {
            return null;
        }
        byte[] bytes = first.getBytes(UTF_8);
        String text = "the text of the " + kind + " at " + at;
        if (count <= 1 || (long) count * bytes.length < LARGE) {
            return new StagedReader(parts, name, count, null, null).read(text, bytes, reference.sha256(), reader);
        }
        // Memory for all parts is taken at once, so a damaged reference to more of them is noticed before.
        String last = parts.get(name + "/" + (count - 1));
        if (last == null) {
            return null;
        }
        ExecutorService threads = Executors.newCachedThreadPool(StagedReader::thread);
        try {
            return new StagedReader(parts, name, count, last.getBytes(UTF_8), threads)
                    .read(text, bytes, reference.sha256(), reader);
        } finally {
            threads.shutdown();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "heartwood-log reads");
        thread.setDaemon(true);
        return thread;
    }

    private <T> @Nullable T read(String what, byte[] first, String sha256, Function<ArrivingText, T> reader)
            throws Unavailable, Refused {
        ArrivingText text = new ArrivingText(capacity(first.length));
        CompletableFuture<T> reading =
                isLarge ? CompletableFuture.supplyAsync(() -> reader.apply(text), threads) : null;
        try {
            MessageDigest digest = StagedText.sha256();
            CompletableFuture<Void> digested = CompletableFuture.completedFuture(null);
            for (int part = 0; part < count; part++) {
                byte[] piece = part == 0 ? first : next();
                if (piece == null) {
                    return null;
                }
                digested = digested.thenRunAsync(() -> digest.update(piece), threads);
                if (!text.add(piece)) {
                    throw damaged(what, "one of its parts has another size than expected");
                }
            }
            text.end();
            Void ignored = result(digested);
            if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
                throw damaged(what, "its checksum does not match");
            }
        } finally {
            // The reading thread must not wait for ever.
            text.abandon();
        }
        return reading == null ? reader.apply(text) : result(reading);
    }

    /** So many bytes hold the text: the first part is as large as any other, but for a character that did not fit. */
    private int capacity(int first) {
        return count <= 1 ? first : (int) Math.min((long) count * (first + StagedText.MOST_LACKING), LARGEST_ARRAY);
    }

    private static StoreException damaged(String what, String reason) {
        return new StoreException(what + " is damaged: " + reason + ". Restore the log from a backup", null);
    }

    /** The next part; null if it is gone. */
    private byte @Nullable [] next() throws Unavailable, Refused {
        int most = isLarge ? REQUESTS_FOR_LARGE : 1;
        int end = last == null ? count : count - 1;
        while (asked.size() < most && next < end) {
            String part = name + "/" + next++;
            asked.add(CompletableFuture.supplyAsync(() -> get(part), threads));
        }
        return asked.isEmpty() ? last : result(asked.remove()).orElse(null);
    }

    private Optional<byte[]> get(String part) {
        try {
            return Optional.ofNullable(parts.get(part)).map(text -> text.getBytes(UTF_8));
        } catch (Unavailable | Refused e) {
            throw new CompletionException(e);
        }
    }

    /** The result of another thread, or its exception. */
    private static <T> T result(CompletableFuture<T> task) throws Unavailable, Refused {
        try {
            return task.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Unavailable unavailable) {
                throw unavailable;
            } else if (cause instanceof Refused refused) {
                throw refused;
            } else if (cause instanceof RuntimeException failure) {
                throw failure;
            } else if (cause instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
