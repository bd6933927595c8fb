package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/** A key of documents, and how it is written; for each the one that came after it last, in {@link KeyTable}. */
final class DocumentKey {
    final String text;
    /** The bytes behind the opening quote, the closing one included; empty for a key that is not kept. */
    private final long[] words;
    /** How many bytes that is. */
    final int length;

    final int hash;

    /** The key that came after this one in an object last. */
    @Nullable
    DocumentKey next;

    /** The first key of the object that stood, maybe in lists, under this key last. */
    @Nullable
    DocumentKey first;

    DocumentKey(String text, long[] words, int length, int hash) {
        this.text = text;
        this.words = words;
        this.length = length;
        this.hash = hash;
    }

    static DocumentKey notKept(String text) {
        return new DocumentKey(text, new long[0], 0, 0);
    }

    boolean isKept() {
        return length > 0;
    }

    /** Whether this key, which is kept, stands at an index, its closing quote included. */
    boolean standsAt(byte[] bytes, int index) {
        int last = words.length - 1;
        for (int i = 0; i < last; i++) {
            if (ByteWords.at(bytes, index + (i << 3)) != words[i]) {
                return false;
            }
        }
        long word = ByteWords.at(bytes, index + (last << 3)) & ByteWords.first(length - (last << 3));
        // Behind the document's last byte the word has zeros, but the closing quote is none.
        return word == words[last];
    }
}
