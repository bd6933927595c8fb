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
import java.util.zip.DataFormatException;
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
    /** For messages. */
    private final String what;

    private final Reference reference;
    private final int count;
    /** The last part of a large text, which is asked for beside the first ones. */
    private byte @Nullable [] last;

    private final boolean isLarge;
    private final Executor threads;
    /** The requests under way, in the order of their parts. */
    private final Queue<CompletableFuture<Optional<byte[]>>> asked = new ArrayDeque<>();

    private int next = 1;

    private StagedReader(Parts parts, String kind, Position at, Reference reference, @Nullable Executor threads) {
        this.parts = parts;
        this.name = StagedText.name(kind, at);
        this.what = "the text of the " + kind + " at " + at;
        this.reference = reference;
        this.count = reference.parts();
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
        if (count <= 1 || (long) count * bytes.length < LARGE) {
            return new StagedReader(parts, kind, at, reference, null).read(bytes, reader);
        }
        ExecutorService threads = Executors.newCachedThreadPool(StagedReader::thread);
        try {
            return new StagedReader(parts, kind, at, reference, threads).readLarge(bytes, reader);
        } finally {
            threads.shutdown();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "heartwood-log reads");
        thread.setDaemon(true);
        return thread;
    }

    private <T> @Nullable T readLarge(byte[] first, Function<ArrivingText, T> reader) throws Unavailable, Refused {
        ask(count - 1);
        // Memory for all parts is taken at once, so a damaged reference to more of them is noticed before.
        last = get(count - 1).orElse(null);
        return last == null ? null : read(first, reader);
    }

    private <T> @Nullable T read(byte[] first, Function<ArrivingText, T> reader) throws Unavailable, Refused {
        ArrivingText text = new ArrivingText(capacity(first.length));
        CompletableFuture<T> reading =
                isLarge ? CompletableFuture.supplyAsync(() -> reader.apply(text), threads) : null;
        try (CompressedText compressed = isCompressed() ? new CompressedText() : null) {
            MessageDigest digest = StagedText.sha256();
            CompletableFuture<Void> digested = CompletableFuture.completedFuture(null);
            for (int part = 0; part < count; part++) {
                byte[] piece = part == 0 ? first : next();
                if (piece == null) {
                    return null;
                }
                digested = digested.thenRunAsync(() -> digest.update(piece), threads);
                if (!(compressed == null ? text.add(piece) : compressed.decompress(piece, text))) {
                    throw damaged("one of its parts has another size than expected");
                }
            }
            text.end();
            Void ignored = result(digested);
            if (!HexFormat.of().formatHex(digest.digest()).equals(reference.sha256())) {
                throw damaged("its checksum does not match");
            }
            if (compressed != null && !compressed.isComplete(reference.uncompressed())) {
                throw damaged("it does not decompress to a text of " + reference.uncompressed() + " bytes");
            }
        } catch (DataFormatException e) {
            throw damaged("it cannot be decompressed (" + e.getMessage() + ")");
        } finally {
            // The reading thread must not wait for ever.
            text.abandon();
        }
        return reading == null ? reader.apply(text) : result(reading);
    }

    private boolean isCompressed() {
        return reference.uncompressed() > 0;
    }

    /** So many bytes hold the text: the first part is as large as any other, but for a character that did not fit. */
    private int capacity(int first) {
        long most = count <= 1 ? first : (long) count * (first + StagedText.MOST_LACKING);
        if (isCompressed()) {
            // A damaged reference to a larger text is noticed before memory for it is taken.
            if (reference.uncompressed() > most * CompressedText.LARGEST_FACTOR) {
                throw damaged("it is too short to be a text of " + reference.uncompressed() + " bytes");
            }
            most = reference.uncompressed();
        }
        return (int) Math.min(most, LARGEST_ARRAY);
    }

    private StoreException damaged(String reason) {
        return new StoreException(what + " is damaged: " + reason + ". Restore the log from a backup", null);
    }

    /** The next part; null if it is gone. */
    private byte @Nullable [] next() throws Unavailable, Refused {
        ask(last == null ? count : count - 1);
        return asked.isEmpty() ? last : result(asked.remove()).orElse(null);
    }

    /** Asks for parts before this one, as many as may be under way. */
    private void ask(int end) {
        int most = isLarge ? REQUESTS_FOR_LARGE : 1;
        while (asked.size() < most && next < end) {
            int part = next++;
            asked.add(CompletableFuture.supplyAsync(() -> getOnItsThread(part), threads));
        }
    }

    private Optional<byte[]> getOnItsThread(int part) {
        try {
            return get(part);
        } catch (Unavailable | Refused e) {
            throw new CompletionException(e);
        }
    }

    private Optional<byte[]> get(int part) throws Unavailable, Refused {
        return Optional.ofNullable(parts.get(name + "/" + part)).map(text -> text.getBytes(UTF_8));
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
