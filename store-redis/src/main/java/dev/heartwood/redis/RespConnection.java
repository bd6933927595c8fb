package dev.heartwood.redis;

import dev.heartwood.log.LogException;
import dev.heartwood.log.engine.ErrorKinds;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks the protocol of Redis (RESP 2): a request is a list of strings; an answer is a number, a string,
 * null, a list of answers, or an error. A request is sent once, and never again by itself.
 */
class RespConnection {
    /**
     * An error of Redis begins with a word for its kind. Those of a script come after words about the script in Redis 6. The
     * scripts write the position last of all, so one that has failed has appended nothing.
     */
    private static final ErrorKinds KINDS = ErrorKinds.NONE
            .unavailable("LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "BUSY", "NOREPLICAS", "TRYAGAIN")
            .refused(" Give Redis more memory, or delete what is not needed", "OOM")
            .refused(" Name the node of the cluster that holds the tree", "MOVED", "ASK")
            .refused(" Free its disk", "MISCONF")
            .refused(" Give the user the commands and keys of the tree", "NOPERM")
            .refused("", "NOAUTH", "AUTH", "WRONGPASS", "WRONGTYPE", "EXECABORT", "DB", "SELECT");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RespConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Sends a request, and waits for its answer. */
    final @Nullable Object call(List<String> request) throws IOException, LogException {
        write("*" + request.size());
        for (String word : request) {
            write("$" + word.getBytes(StandardCharsets.UTF_8).length);
            write(word);
        }
        out.flush();
        return answer();
    }

    private void write(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The next answer. */
    final @Nullable Object answer() throws IOException, LogException {
        int kind = in.read();
        String line = line();
        return switch (kind) {
            case '+' -> line;
            case '-' -> throw error(line);
            case ':' -> Long.parseLong(line);
            case '$' -> string(Integer.parseInt(line));
            case '*' -> list(Integer.parseInt(line));
            default -> throw new IOException("the server does not speak the protocol of Redis");
        };
    }

    private static LogException error(String words) {
        // Redis 6 has no word of its own for this one.
        String coded = words.replace("user executing the script can't", "NOPERM");
        return KINDS.of("Redis: " + words, null, List.of(coded.split("[^A-Z]+", -1)));
    }

    private @Nullable String string(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        // The line is empty, and missing where the connection has ended before it.
        return new String(bytes, StandardCharsets.UTF_8) + line();
    }

    private @Nullable List<@Nullable Object> list(int length) throws IOException, LogException {
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            all.add(answer());
        }
        return length < 0 ? null : all;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Redis has closed the connection");
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    /** Waits for answers without a limit from now on: until the connection is closed. */
    final void waitForEver() throws IOException {
        socket.setSoTimeout(0);
    }

    /** Closes the connection, from any thread; a thread that waits for an answer fails. */
    public final void close() throws IOException {
        socket.close();
    }
}
