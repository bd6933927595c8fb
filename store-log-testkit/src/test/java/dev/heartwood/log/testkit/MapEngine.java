package dev.heartwood.log.testkit;

import dev.heartwood.Store;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import dev.heartwood.log.engine.EngineOptions;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.LogConnection;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An engine whose server is a map: the smallest engine that keeps all promises. Its server can be made to fail. */
final class MapEngine extends EngineOptions<MapEngine> {
    private final Map<String, Server> trees;

    MapEngine() {
        this(EngineSettings.DEFAULT, new ConcurrentHashMap<>());
    }

    private MapEngine(EngineSettings settings, Map<String, Server> trees) {
        super(settings);
        this.trees = trees;
    }

    @Override
    protected MapEngine with(EngineSettings changed) {
        return new MapEngine(changed, trees);
    }

    SharedLog connect(String tree) {
        Server server = server(tree);
        return connection("the map", 1 << 20, () -> server.connect(settings()));
    }

    EngineSettings used() {
        return settings();
    }

    Store open(String tree) {
        return over(connect(tree));
    }

    Server server(String tree) {
        return trees.computeIfAbsent(requireName(tree), name -> new Server());
    }

    /** All fields are guarded by this object. */
    static final class Server {
        private final TreeMap<Long, Entry> entries = new TreeMap<>();
        private final TreeMap<String, String> parts = new TreeMap<>();
        private final Map<String, String> fields = new TreeMap<>();
        private @Nullable Position last;
        private int connections;
        private int openConnections;
        private Runnable whileConnecting = () -> {};
        private @Nullable Exception beforeNext;
        private @Nullable Exception afterNext;
        private @Nullable Error amidNext;
        private Runnable whileAnswering = () -> {};
        private @Nullable Exception atConnect;
        private @Nullable String password;

        /** The next request fails, and is not applied. */
        synchronized void failBefore(Exception failure) {
            beforeNext = failure;
        }

        /** The next request is applied, and its answer is lost. */
        synchronized void failAfter(Exception failure) {
            afterNext = failure;
        }

        /** The next request is applied, and its answer is read in part only. */
        synchronized void failAmid(Error failure) {
            amidNext = failure;
        }

        /** Runs the action, which may wait for this object, while the next request is answered. */
        synchronized void whileAnswering(Runnable action) {
            whileAnswering = action;
        }

        /** No connection can be made; null: they can. */
        synchronized void failToConnect(@Nullable Exception failure) {
            atConnect = failure;
        }

        synchronized void delete() {
            last = null;
        }

        synchronized boolean exists() {
            return last != null;
        }

        /** Whether there is a claim or a checkpoint. */
        synchronized boolean hasFields() {
            return !fields.isEmpty();
        }

        /** How many connections there were. */
        synchronized int connections() {
            return connections;
        }

        /** How many of them are not closed. */
        synchronized int openConnections() {
            return openConnections;
        }

        /** Runs the action while a connection is being made. */
        synchronized void whileConnecting(Runnable action) {
            whileConnecting = action;
        }

        /** The password of the last connection. */
        synchronized @Nullable String password() {
            return password;
        }

        private synchronized LogConnection connect(EngineSettings settings) throws Exception {
            connections++;
            password = settings.password();
            if (atConnect != null) {
                throw atConnect;
            }
            whileConnecting.run();
            openConnections++;
            return new Connection(this);
        }

        private synchronized <T extends @Nullable Object> T answer(Request<T> request) throws Exception {
            Exception before = beforeNext;
            beforeNext = null;
            if (before != null) {
                throw before;
            }
            Runnable meanwhile = whileAnswering;
            whileAnswering = () -> {};
            meanwhile.run();
            T answer = request.apply();
            Error amid = amidNext;
            amidNext = null;
            if (amid != null) {
                throw amid;
            }
            Exception after = afterNext;
            afterNext = null;
            if (after != null) {
                throw after;
            }
            return answer;
        }

        private @Nullable Tail tail(long from) {
            Position end = last;
            return end == null
                    ? null
                    : new Tail(end, List.copyOf(entries.tailMap(from).values()));
        }

        private LogConnection.Answer append(Position on, Entry next) {
            if (!on.equals(last)) {
                return LogConnection.Answer.lost(
                        fields.get("claim"), tail(next.at().number()));
            }
            entries.put(next.at().number(), next);
            last = next.at();
            notifyAll();
            return LogConnection.Answer.appended(fields.get("claim"));
        }

        private boolean replace(String name, @Nullable String before, @Nullable String after) {
            boolean is = Objects.equals(fields.get(name), before);
            if (is && after == null) {
                fields.remove(name);
            } else if (is) {
                fields.put(name, Objects.requireNonNull(after));
            }
            return is;
        }
    }

    private interface Request<T extends @Nullable Object> {
        T apply();
    }

    private static final class Connection implements LogConnection {
        private final Server server;
        private long heard;
        private boolean closed;

        Connection(Server server) {
            this.server = server;
        }

        @Override
        public void begin(boolean isFirst) {}

        @Override
        public void create(String identity) throws Exception {
            server.answer(() -> server.last = server.last == null ? new Position(0, identity) : server.last);
        }

        @Override
        public Answer append(Position on, Entry next) throws Exception {
            return server.answer(() -> server.append(on, next));
        }

        @Override
        public @Nullable Tail read(long from) throws Exception {
            return server.<@Nullable Tail>answer(() -> server.tail(from));
        }

        @Override
        public @Nullable String field(String name) throws Exception {
            return server.<@Nullable String>answer(() -> server.fields.get(name));
        }

        @Override
        public boolean replace(String name, @Nullable String before, @Nullable String after) throws Exception {
            return server.answer(() -> server.replace(name, before, after));
        }

        @Override
        public void put(String name, String part) throws Exception {
            server.<@Nullable String>answer(() -> server.parts.put(name, part));
        }

        @Override
        public @Nullable String get(String name) throws Exception {
            return server.<@Nullable String>answer(() -> server.parts.get(name));
        }

        @Override
        public boolean delete(String from, String to) throws Exception {
            // One at a time.
            return server.answer(
                    () -> server.parts.subMap(from, true, to, false).pollFirstEntry() != null);
        }

        @Override
        public boolean trim(long below) throws Exception {
            return server.answer(() -> server.entries.headMap(below, false).pollFirstEntry() != null);
        }

        @Override
        public void listen() {
            synchronized (server) {
                heard = server.last == null ? 0 : server.last.number();
            }
        }

        @Override
        public long nextWakeUp() throws IOException, InterruptedException {
            synchronized (server) {
                while (!closed && (server.last == null || server.last.number() <= heard)) {
                    server.wait();
                }
                if (closed || server.last == null) {
                    throw new EOFException("closed");
                }
                heard = server.last.number();
                return heard;
            }
        }

        @Override
        public void close() {
            synchronized (server) {
                server.openConnections -= closed ? 0 : 1;
                closed = true;
                server.notifyAll();
            }
        }

        @Override
        public String toString() {
            return "the map at home";
        }
    }
}
