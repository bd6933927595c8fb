package dev.heartwood.log.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a client and a server on this machine that a test can make worse: slow, silent, deaf one way, or cut.
 * Connections to {@link #port} go to the server. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER = 65_536;
    private static final long STEP_MILLIS = 2;

    /** Treatment of the bytes that go one way. */
    public enum Traffic {
        /** They arrive. */
        PASS,
        /** They wait, and arrive when they pass again. */
        HOLD,
        /** They are lost, and their connection never again carries data that way. */
        LOSE
    }

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Traffic requests = Traffic.PASS;
    private volatile Traffic answers = Traffic.PASS;
    private volatile long delayMillis;

    /** A network to the server at a port of this machine. */
    public TcpProxy(int target) throws IOException {
        this(target, InetAddress.getLoopbackAddress());
    }

    /** The same for clients that connect to an address of this machine. */
    TcpProxy(int target, InetAddress address) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, address);
        start(this::accept);
    }

    /** The port for clients. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Applies the fault to the bytes from the client, from now on. */
    public void requests(Traffic treatment) {
        requests = treatment;
    }

    /** Applies the fault to the bytes from the server, from now on. */
    public void answers(Traffic treatment) {
        answers = treatment;
    }

    /** Delays each piece of data, each way, from now on. */
    public void delay(Duration delay) {
        delayMillis = delay.toMillis();
    }

    /** Lets everything pass from now on, without delay. */
    public void heal() {
        requests = Traffic.PASS;
        answers = Traffic.PASS;
        delayMillis = 0;
    }

    /** Cuts all connections; new ones can be made. */
    public void cut() {
        for (Socket socket : open) {
            close(socket);
        }
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            open.add(client);
            try {
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                start(() -> carry(client, server, true));
                start(() -> carry(server, client, false));
            } catch (IOException e) {
                // No server there: the client sees its connection closed.
                close(client);
            }
        }
    }

    private void carry(Socket from, Socket to, boolean areRequests) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            boolean hasLost = false;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sleep(delayMillis);
                while (treatment(areRequests) == Traffic.HOLD && !from.isClosed()) {
                    sleep(STEP_MILLIS);
                }
                hasLost |= treatment(areRequests) == Traffic.LOSE;
                if (!hasLost) {
                    out.write(buffer, 0, read);
                }
            }
            // The end of the client's connection is held back like the data before it.
            while (treatment(areRequests) == Traffic.HOLD && !to.isClosed()) {
                sleep(STEP_MILLIS);
            }
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private Traffic treatment(boolean ofRequests) {
        return ofRequests ? requests : answers;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket could not be closed", e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The connection was cut or has ended, which is normal here.
                    }
                },
                "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts all connections, and takes no more. */
    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
