package dev.heartwood.etcd;

import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import dev.heartwood.log.WakeUpThread;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A watch of etcd on the key with the position of the last entry, from now on. It needs no revision to start from: missed
 * changes are found by asking.
 */
final class HeadWatch implements WakeUpThread.Connection {
    private final InputStream stream;
    private final BufferedReader lines;

    private HeadWatch(InputStream stream) {
        this.stream = stream;
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** Connects to one member after the other: one that is cut off from the others hears nothing, and does not say so. */
    static WakeUpThread.Connector connector(Gateway gateway, String key) {
        AtomicInteger tries = new AtomicInteger();
        return () -> new HeadWatch(gateway.stream(
                gateway.member() + tries.getAndIncrement(), "/v3/watch", Map.of("create_request", Map.of("key", key))));
    }

    @Override
    public long next() throws IOException {
        String line = lines.readLine();
        if (line == null || line.contains("\"canceled\":true") || line.startsWith("{\"error\"")) {
            throw new EOFException("etcd has ended the watch");
        }
        try {
            HashMap<String, @Nullable Object> result =
                    Gateway.map(Json.read(line).getOrElse("result", HashMap.empty()));
            Vector<?> events = (Vector<?>) result.getOrElse("events", Vector.empty());
            // Without events it says that the watch is there now: changes before that were not heard.
            return events.isEmpty() ? -1 : number(Gateway.map(events.last()));
        } catch (StoreException | IllegalArgumentException | ClassCastException e) {
            // Whatever it says, something has happened.
            return -1;
        }
    }

    private static long number(HashMap<String, @Nullable Object> event) {
        String head = EtcdLog.decoded(Gateway.map(event.getOrElse("kv", HashMap.empty())), "value");
        int space = head.indexOf(' ');
        return space < 0 ? -1 : Long.parseLong(head.substring(0, space));
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // The connection is broken, and so of no more use either way.
        }
    }
}
