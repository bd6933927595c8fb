package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A text in UTF-8 that one thread adds piece by piece, while another thread {@linkplain TreeFormat#read(ArrivingText)
 * reads} the lines that are complete. A document from a slow source is read nearly as soon as its last piece is there.
 *
 * <p>The thread that adds calls {@link #end} or {@link #abandon} at last: the reading thread waits for that.
 */
public final class ArrivingText {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /**
     * The adding thread writes behind {@link #readable}, and the other thread reads before it. That thread learns the place under
     * the lock, and so it sees all bytes up to there.
     */
    private final byte[] bytes;

    // The following fields are guarded by the lock.
    private int length;
    /** The end of the last whole line; of the text, once that is complete. */
    private int readable;

    private boolean ended;
    private boolean abandoned;

    /**
     * An empty text.
     *
     * @param capacity the maximum number of bytes, which are allocated at once
     */
    public ArrivingText(int capacity) {
        this.bytes = new byte[capacity];
    }

    /**
     * Adds a piece, which may begin and end anywhere, within a character, too.
     *
     * @return false, and nothing is added, if the text would be longer than its capacity
     */
    public boolean add(byte[] piece) {
        return add(piece, piece.length);
    }

    /**
     * Adds the first bytes of a buffer, which is copied: the caller may use it again.
     *
     * @param count how many bytes
     * @return false, and nothing is added, if the text would be longer than its capacity
     * @throws IndexOutOfBoundsException if the buffer has fewer bytes
     */
    public boolean add(byte[] buffer, int count) {
        Objects.checkFromIndexSize(0, count, buffer.length);
        lock.lock();
        try {
            if (count > bytes.length - length) {
                return false;
            }
            System.arraycopy(buffer, 0, bytes, length, count);
            int line = length + count;
            while (line > length && bytes[line - 1] != '\n') {
                line--;
            }
            // A token of JSON has no line break in it. So the reader never finds a token of which only a part is there.
            readable = line > length ? line : readable;
            length += count;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The text is complete. */
    public void end() {
        lock.lock();
        try {
            readable = length;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The rest does not come: the reading thread gets a {@link CancellationException}. No effect after {@link #end}. */
    public void abandon() {
        lock.lock();
        try {
            abandoned = !ended;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first line, and leaves spaces in its place.
     *
     * @return the line without its line break; the whole text if it has none
     * @throws CancellationException if the text is abandoned first
     */
    public String takeLine() {
        int limit = readableAfter(0);
        int line = 0;
        while (line < limit && bytes[line] != '\n') {
            line++;
        }
        String taken = new String(bytes, 0, line, UTF_8);
        Arrays.fill(bytes, 0, line, (byte) ' ');
        return taken;
    }

    /**
     * Waits for the whole text.
     *
     * @return its bytes; the caller may not change them
     * @throws CancellationException if the text is abandoned first
     */
    public byte[] whole() {
        lock.lock();
        try {
            while (!ended) {
                requireComing();
                changed.awaitUninterruptibly();
            }
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        } finally {
            lock.unlock();
        }
    }

    /** The bytes, of which the reading thread reads those before {@link #readableAfter}. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Waits until more can be read than up to {@code known}.
     *
     * @return the place up to which the text can be read; {@code known} if the text ends there
     */
    int readableAfter(int known) {
        lock.lock();
        try {
            while (readable <= known && !ended) {
                requireComing();
                changed.awaitUninterruptibly();
            }
            return readable;
        } finally {
            lock.unlock();
        }
    }

    private void requireComing() {
        if (abandoned) {
            throw new CancellationException("the rest of the text does not come");
        }
    }
}
