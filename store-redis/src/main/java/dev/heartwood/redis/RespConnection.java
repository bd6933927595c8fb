package dev.heartwood.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks the protocol of Redis (RESP 2): a request is a list of strings; an answer is a number, a string,
 * null, a list of answers, or an {@link ErrorAnswer}. A request is sent once, and never again by itself.
 */
final class RespConnection {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** Redis says that it has not done as asked. */
    static final class ErrorAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        ErrorAnswer(String message) {
            super(message);
        }
    }

    /**
     * Connects.
     *
     * @param tls null for a connection without TLS; with it, the server's certificate must name the host
     */
    RespConnection(String host, int port, int timeoutMillis, @Nullable SSLSocketFactory tls) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), timeoutMillis);
            plain.setSoTimeout(timeoutMillis);
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            socket = tls == null ? plain : secured(plain, host, port, tls);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new BufferedOutputStream(socket.getOutputStream());
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port, SSLSocketFactory tls) throws IOException {
        SSLSocket secured = (SSLSocket) tls.createSocket(plain, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** Waits at most so long for each piece of an answer. */
    void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** Sends a request, and waits for its answer. */
    @Nullable
    Object call(List<String> request) throws IOException, ErrorAnswer {
        send(request);
        return answer();
    }

    private void send(List<String> request) throws IOException {
        out.write(("*" + request.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String word : request) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
        out.flush();
    }

    /** Whether the first byte of an answer is there before the time-out. */
    boolean hasAnswer() throws IOException {
        in.mark(1);
        try {
            if (in.read() < 0) {
                throw new EOFException("Redis has closed the connection");
            }
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** The next answer. */
    @Nullable
    Object answer() throws IOException, ErrorAnswer {
        int kind = in.read();
        String line = line();
        return switch (kind) {
            case '+' -> line;
            case '-' -> throw new ErrorAnswer(line);
            case ':' -> number(line);
            case '$' -> string((int) number(line));
            case '*' -> list((int) number(line));
            case -1 -> throw new EOFException("Redis has closed the connection");
            default -> throw new IOException("the server does not speak the protocol of Redis");
        };
    }

    private static long number(String line) throws IOException {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw new IOException("the server does not speak the protocol of Redis", e);
        }
    }

    private @Nullable String string(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("Redis has closed the connection in the middle of an answer");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> list(int length) throws IOException, ErrorAnswer {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            all.add(answer());
        }
        return all;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                return line.toString();
            }
            line.append((char) c);
        }
        int ignored = in.read();
        return line.toString();
    }

    /** Closes the connection, from any thread; a thread that waits for an answer fails. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Broken, and so of no more use either way.
        }
    }
}
