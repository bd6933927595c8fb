package dev.heartwood.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.engine.EngineSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error of etcd says of its request: that it was not applied, or nothing. */
@Timeout(60)
class EtcdMemberTest {
    /** With code 14, etcd tells of a request that it has proposed to the others, and whose outcome it does not know. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "503 {'code':14,'message':'etcdserver: request timed out'}",
                "503 {'code':14,'message':'etcdserver: request timed out, possibly due to previous leader failure'}",
                "503 {'code':14,'message':'etcdserver: request timed out, possibly due to connection lost'}",
                "503 {'code':14,'message':'etcdserver: leader changed'}",
                "503 {'code':14,'message':'etcdserver: server stopped'}",
                "504 {'code':4,'message':'context deadline exceeded'}",
                "499 {'code':1,'message':'context canceled'}",
                "409 {'code':10,'message':'aborted'}",
                "500 {'code':2,'message':'unknown'}",
                "500 {'code':13,'message':'internal'}",
                "500 {'code':15,'message':'data loss'}",
                "502 {}"
            })
    void anErrorThatDoesNotSayThatTheRequestWasNotAppliedLeavesItInDoubt(String answer) throws Exception {
        assertThat(errorOf(answer)).isInstanceOf(InDoubt.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "429 {'code':8,'message':'etcdserver: too many requests'}",
                "401 {'code':16,'message':'etcdserver: invalid auth token'}",
                "400 {'code':3,'message':'etcdserver: revision of auth store is old'}"
            })
    void aRequestThatWasTurnedAwayMayBeSentAgain(String answer) throws Exception {
        assertThat(errorOf(answer)).isInstanceOf(Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 {'code':3,'message':'etcdserver: request is too large'}",
                "403 {'code':7,'message':'etcdserver: permission denied'}",
                "429 {'code':8,'message':'etcdserver: mvcc: database space exceeded'}",
                "400 {'code':9,'message':'etcdserver: authentication is not enabled'}",
                "501 {'code':12,'message':'not implemented'}"
            })
    void aRequestThatWouldFailAgainIsRefused(String answer) throws Exception {
        assertThat(errorOf(answer)).isInstanceOf(Refused.class);
    }

    /** The exception of a request to a server that gives this answer: a status and a body. */
    private static Throwable errorOf(String answer) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            FutureTask<Void> server = new FutureTask<>(() -> serve(listening, answer), null);
            new Thread(server, "answers").start();
            URI endpoint = URI.create("http://127.0.0.1:" + listening.getLocalPort());
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            EtcdMember member = new EtcdMember(http, endpoint, EngineSettings.DEFAULT);
            Throwable error = catchThrowable(() -> member.post("/v3/kv/txn", Map.of()));
            server.get(20, TimeUnit.SECONDS);
            assertThat(error).isInstanceOf(LogException.class);
            return error;
        }
    }

    private static void serve(ServerSocket listening, String answer) {
        try (Socket socket = listening.accept()) {
            BufferedReader request = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String line = request.readLine();
            while (!line.isEmpty()) {
                line = request.readLine();
            }
            // The body: an empty object.
            int ignored = request.read() + request.read();
            String[] parts = answer.replace('\'', '"').split(" ", 2);
            String head = "HTTP/1.1 " + parts[0] + " x\r\nConnection: close\r\nContent-Length: " + parts[1].length();
            socket.getOutputStream().write((head + "\r\n\r\n" + parts[1]).getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
