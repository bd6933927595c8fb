package dev.heartwood.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/** Nested mutable maps behind one lock: the classic. */
final class LockedMapPeer implements Peer {
    private final Map<String, Object> root;
    private final String[][] paths;
    private final Lock readLock;
    private final Lock writeLock;

    LockedMapPeer(Shape shape, boolean readWrite) {
        this.root = shape.tree();
        this.paths = IntStream.range(0, Shape.COUNTERS)
                .mapToObj(path -> toArray(shape.keys(path)))
                .toArray(String[][]::new);
        if (readWrite) {
            ReadWriteLock lock = new ReentrantReadWriteLock();
            this.readLock = lock.readLock();
            this.writeLock = lock.writeLock();
        } else {
            this.readLock = new ReentrantLock();
            this.writeLock = readLock;
        }
    }

    private static String[] toArray(List<String> keys) {
        return keys.toArray(new String[0]);
    }

    @Override
    public long get(int path) {
        readLock.lock();
        try {
            String[] keys = paths[path];
            return (Long) Objects.requireNonNull(parent(keys).get(keys[keys.length - 1]));
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public long update(int path) {
        writeLock.lock();
        try {
            String[] keys = paths[path];
            return (Long) Objects.requireNonNull(
                    parent(keys).computeIfPresent(keys[keys.length - 1], (key, value) -> (Long) value + 1));
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public Object snapshot() {
        readLock.lock();
        try {
            return copy(root);
        } finally {
            readLock.unlock();
        }
    }

    /** All of a tree of mutable maps. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> copy(Map<String, Object> map) {
        Map<String, Object> copy = new HashMap<>(map);
        copy.replaceAll((key, value) -> value instanceof Map ? copy((Map<String, Object>) value) : value);
        return copy;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> parent(String[] keys) {
        Map<String, Object> map = root;
        for (int i = 0; i < keys.length - 1; i++) {
            map = (Map<String, Object>) Objects.requireNonNull(map.get(keys[i]));
        }
        return map;
    }
}
