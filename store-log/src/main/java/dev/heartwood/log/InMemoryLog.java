package dev.heartwood.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A log in the memory of this process: for tests, and for several stores in one process that behave like stores of
 * several processes. Each {@link #connect} returns a connection for one store. Thread-safe.
 */
public final class InMemoryLog {
    /** The maximum number of entries in an answer. */
    private static final int PAGE = 100;

    private static final int LARGEST_VALUE = 1 << 20;

    // All guarded by this object.
    private final TreeMap<Long, SharedLog.Entry> entries = new TreeMap<>();
    private final TreeMap<String, String> parts = new TreeMap<>();
    private SharedLog.Position last =
            new SharedLog.Position(0, UUID.randomUUID().toString());
    private @Nullable String checkpoint;
    private SharedLog.@Nullable Claim claim;

    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private final int largestValue;

    /** An empty log whose values have up to one mebibyte. */
    public InMemoryLog() {
        this(LARGEST_VALUE);
    }

    /**
     * An empty log.
     *
     * @param largestValue the maximum number of bytes of a value, at least 1,000
     */
    public InMemoryLog(int largestValue) {
        if (largestValue < 1_000) {
            throw new IllegalArgumentException("expected room for 1,000 bytes or more, not " + largestValue);
        }
        this.largestValue = largestValue;
    }

    /** A log with the content of another one; the maps are copied. */
    InMemoryLog(
            SharedLog.Position last,
            Map<Long, SharedLog.Entry> entries,
            Map<String, String> parts,
            @Nullable String checkpoint) {
        this(LARGEST_VALUE);
        this.last = last;
        this.entries.putAll(entries);
        this.parts.putAll(parts);
        this.checkpoint = checkpoint;
    }

    /** A new connection. */
    public SharedLog connect() {
        return new Connection();
    }

    private synchronized SharedLog.Outcome append(
            SharedLog.Position on, SharedLog.Entry next, SharedLog.@Nullable Claim mine) {
        if (!last.equals(on)) {
            claim = SharedLog.Claim.kept(claim, mine);
            return new SharedLog.Lost(read(next.at().number()));
        }
        entries.put(next.at().number(), next);
        last = next.at();
        claim = SharedLog.Claim.afterWin(claim, last);
        return new SharedLog.Appended(claim);
    }

    private synchronized SharedLog.Tail read(long from) {
        List<SharedLog.Entry> page =
                entries.tailMap(from).values().stream().limit(PAGE).toList();
        return new SharedLog.Tail(last, page);
    }

    /** The claim that is kept at this moment, or null. */
    synchronized SharedLog.@Nullable Claim claim() {
        return claim;
    }

    private synchronized SharedLog.Position last() {
        return last;
    }

    private synchronized boolean checkpoint(@Nullable String before, String after) {
        boolean is = Objects.equals(checkpoint, before);
        if (is) {
            checkpoint = after;
        }
        return is;
    }

    private final class Connection implements SharedLog {
        private final List<LongConsumer> mine = new ArrayList<>();
        private volatile boolean closed;

        @Override
        public Outcome append(Position on, Entry next, @Nullable Claim claimed) throws LogException.Refused {
            requireRoom(next.body());
            Outcome outcome = InMemoryLog.this.append(on, next, claimed);
            if (outcome instanceof Appended) {
                listeners.forEach(listener -> listener.accept(next.at().number()));
            }
            return outcome;
        }

        @Override
        public Position last() throws LogException.Refused {
            requireOpen();
            return InMemoryLog.this.last();
        }

        @Override
        public Tail read(long from) throws LogException.Refused {
            requireOpen();
            return InMemoryLog.this.read(from);
        }

        @Override
        public Listening listen(LongConsumer wake) {
            listeners.add(wake);
            synchronized (mine) {
                mine.add(wake);
            }
            return new Listening() {
                @Override
                public void kick() {}

                @Override
                public void close() {
                    listeners.remove(wake);
                }
            };
        }

        @Override
        public int largestValue() {
            return largestValue;
        }

        @Override
        public void put(String name, String part) throws LogException.Refused {
            requireRoom(part);
            synchronized (InMemoryLog.this) {
                parts.put(name, part);
            }
        }

        @Override
        public @Nullable String get(String name) throws LogException.Refused {
            requireOpen();
            synchronized (InMemoryLog.this) {
                return parts.get(name);
            }
        }

        @Override
        public void delete(String from, String to) throws LogException.Refused {
            requireOpen();
            synchronized (InMemoryLog.this) {
                if (from.compareTo(to) < 0) {
                    parts.subMap(from, to).clear();
                }
            }
        }

        @Override
        public Optional<String> checkpoint() throws LogException.Refused {
            requireOpen();
            synchronized (InMemoryLog.this) {
                return Optional.ofNullable(checkpoint);
            }
        }

        @Override
        public boolean checkpoint(@Nullable String before, String after) throws LogException.Refused {
            requireRoom(after);
            return InMemoryLog.this.checkpoint(before, after);
        }

        @Override
        public void trim(long below) throws LogException.Refused {
            requireOpen();
            synchronized (InMemoryLog.this) {
                entries.headMap(Math.min(below, last.number())).clear();
            }
        }

        @Override
        public void close() {
            closed = true;
            synchronized (mine) {
                listeners.removeAll(mine);
                mine.clear();
            }
        }

        private void requireOpen() throws LogException.Refused {
            if (closed) {
                throw new LogException.Refused("this connection is closed", null);
            }
        }

        private void requireRoom(String value) throws LogException.Refused {
            requireOpen();
            if (StagedText.bytes(value) > largestValue) {
                throw new LogException.Refused("the value has more than " + largestValue + " bytes", null);
            }
        }
    }
}
