package dev.heartwood.json;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The keys of documents, found by their bytes as they are written: one string for each, and for each key the one that
 * came after it last, since records of one kind have the same keys in the same order.
 *
 * <p>Each look-up compares a key with {@link #PROBES} others at most; one that finds no place among them, or comes when
 * the table is full, is not kept. So whatever keys come, the time that they take grows with their length only. (Keys of
 * one hash code in a {@code java.util.HashMap} hang in a tree.)
 */
final class KeyTable {
    /** Longer keys, in bytes, are not kept. */
    private static final int LONGEST = 1 << 8;
    /** No more keys than this are kept. */
    private static final int MOST = 1 << 16;

    private static final int PROBES = 8;
    /** Of this process: a document cannot aim at the places of other documents' keys. */
    private static final long SEED = new SplittableRandom().nextLong();

    private @Nullable DocumentKey[] keys = new DocumentKey[1 << 7];
    private int size;
    /** Keys of which the bytes do not say the chars. */
    private final Map<String, DocumentKey> beyondAscii = new HashMap<>();

    /** How many keys are kept. */
    int size() {
        return size + beyondAscii.size();
    }

    /**
     * The key that a text has, in a document of which {@link TextBytes} are the bytes, with chars beyond ASCII; null if it is not
     * kept.
     */
    @Nullable
    DocumentKey find(String text) {
        return beyondAscii.get(text);
    }

    /** Adds a key with chars beyond ASCII, which was not found. */
    DocumentKey add(String text) {
        DocumentKey key = DocumentKey.notKept(text);
        if (text.length() < LONGEST && beyondAscii.size() < MOST) {
            beyondAscii.put(text, key);
        }
        return key;
    }

    /** The key between two indexes, behind which its closing quote stands; null if it is not kept. */
    @Nullable
    DocumentKey find(byte[] bytes, int from, int to) {
        int length = to - from + 1;
        if (length > LONGEST) {
            return null;
        }
        int hash = hash(bytes, from, length);
        for (int i = 0; i < PROBES; i++) {
            DocumentKey key = keys[(hash + i) & (keys.length - 1)];
            if (key == null) {
                return null;
            }
            if (key.hash == hash && key.length == length && key.standsAt(bytes, from)) {
                return key;
            }
        }
        return null;
    }

    /** Adds the key between two indexes, which was not found, with the text that it says. */
    DocumentKey add(byte[] bytes, int from, int to, String text) {
        int length = to - from + 1;
        if (length > LONGEST || size == MOST) {
            return DocumentKey.notKept(text);
        }
        long[] words = new long[(length + 7) >>> 3];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(bytes, from, length, i);
        }
        DocumentKey key = new DocumentKey(text, words, length, hash(bytes, from, length));
        if (2 * size >= keys.length) {
            grow();
        }
        if (!place(key)) {
            // It is not counted, so no other key may keep it as the one that came next.
            return DocumentKey.notKept(text);
        }
        size++;
        return key;
    }

    private boolean place(DocumentKey key) {
        for (int i = 0; i < PROBES; i++) {
            int slot = (key.hash + i) & (keys.length - 1);
            if (keys[slot] == null) {
                keys[slot] = key;
                return true;
            }
        }
        return false;
    }

    private void grow() {
        @Nullable DocumentKey[] old = keys;
        keys = new DocumentKey[4 * old.length];
        size = 0;
        for (DocumentKey key : old) {
            if (key != null) {
                size += place(key) ? 1 : 0;
            }
        }
    }

    private static int hash(byte[] bytes, int from, int length) {
        long hash = length ^ SEED;
        for (int i = 0; i << 3 < length; i++) {
            hash = (hash ^ word(bytes, from, length, i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) (hash ^ (hash >>> 15));
    }

    /** The {@code i}th word of the bytes from an index on, with zeros behind the last of them. */
    private static long word(byte[] bytes, int from, int length, int i) {
        long word = ByteWords.at(bytes, from + (i << 3));
        int left = length - (i << 3);
        return left >= Long.BYTES ? word : word & ByteWords.first(left);
    }
}
