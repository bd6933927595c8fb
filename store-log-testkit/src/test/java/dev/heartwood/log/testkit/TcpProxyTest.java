package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The network of the faults does what it says: else a test that survives its faults would prove nothing. */
@Timeout(60)
class TcpProxyTest {
    /** Nothing arrives for this time: it is taken to be held back, or lost. */
    private static final int SILENCE_MILLIS = 200;

    private final List<AutoCloseable> open = new ArrayList<>();
    private TcpProxy network;
    private ServerSocket listening;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listening = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        network = closing(new TcpProxy(listening.getLocalPort()));
        client = closing(new Socket(InetAddress.getLoopbackAddress(), network.port()));
        server = closing(listening.accept());
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    private static void send(Socket from, int data) throws IOException {
        from.getOutputStream().write(data);
    }

    private static int received(Socket at) throws IOException {
        at.setSoTimeout(0);
        return at.getInputStream().read();
    }

    private static void requireSilence(Socket at) throws IOException {
        at.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> at.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void dataPassBothWays() throws IOException {
        send(client, 1);
        assertThat(received(server)).isEqualTo(1);
        send(server, 2);
        assertThat(received(client)).isEqualTo(2);
    }

    @Test
    void requestsThatAreHeldArriveOnceHealedAndAnswersPassMeanwhile() throws IOException {
        network.requests(TcpProxy.Traffic.HOLD);
        send(client, 1);
        requireSilence(server);
        send(server, 2);
        assertThat(received(client)).isEqualTo(2);
        network.heal();
        assertThat(received(server)).isEqualTo(1);
    }

    @Test
    void aConnectionThatHasLostAnAnswerCarriesNoneAnyMoreAndANewOneDoes() throws IOException {
        network.answers(TcpProxy.Traffic.LOSE);
        send(server, 1);
        requireSilence(client);
        network.heal();
        send(server, 2);
        requireSilence(client);
        send(client, 3);
        assertThat(received(server)).isEqualTo(3);
        Socket another = closing(new Socket(InetAddress.getLoopbackAddress(), network.port()));
        Socket accepted = closing(listening.accept());
        send(accepted, 4);
        assertThat(received(another)).isEqualTo(4);
    }

    /** Else a server would hear at once that its client has gone, though the network is silent. */
    @Test
    void theEndOfAConnectionIsHeldBackLikeTheDataBeforeIt() throws IOException {
        network.requests(TcpProxy.Traffic.HOLD);
        client.shutdownOutput();
        requireSilence(server);
        network.heal();
        assertThat(received(server)).isEqualTo(-1);
    }

    @Test
    void aCutEndsAllConnectionsAndNewOnesCanBeMade() throws IOException {
        network.cut();
        assertThat(received(client)).isEqualTo(-1);
        assertThat(received(server)).isEqualTo(-1);
        Socket another = closing(new Socket(InetAddress.getLoopbackAddress(), network.port()));
        Socket accepted = closing(listening.accept());
        send(another, 1);
        assertThat(received(accepted)).isEqualTo(1);
    }
}
