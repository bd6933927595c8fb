package dev.heartwood.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many bytes of heap the tree of a document takes, the text of its strings included. */
final class JsonMemory {
    private static final ObjectMapper JACKSON = new ObjectMapper();
    /** The number of document bytes to read: enough that other objects on the heap do not count. */
    private static final int ENOUGH = 40_000_000;

    private JsonMemory() {}

    /** Reads a document. */
    @FunctionalInterface
    interface Reading {
        Object read(byte[] document) throws IOException;
    }

    static double heartwood(byte[] document) throws IOException {
        return bytes(document, Json::read);
    }

    static double tree(byte[] document) throws IOException {
        return bytes(document, JACKSON::readTree);
    }

    static double map(byte[] document) throws IOException {
        return bytes(document, bytes -> JACKSON.readValue(bytes, Map.class));
    }

    private static double bytes(byte[] document, Reading reading) throws IOException {
        @Nullable Object[] trees = new Object[Math.max(1, ENOUGH / document.length)];
        try {
            trees[0] = reading.read(document); // also creates the data that is kept between documents
            trees[0] = null;
            long before = used();
            for (int i = 0; i < trees.length; i++) {
                trees[i] = reading.read(document);
            }
            return (double) (used() - before) / trees.length;
        } finally {
            Reference.reachabilityFence(trees);
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
