package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of the server that a request may have. {@link InspectorTest} sends requests. */
class AccessCheckTest {
    private final AccessCheck web = new AccessCheck(80);
    private final AccessCheck other = new AccessCheck(8080);

    /** A browser leaves out the port 80 in both names, and other clients in one of them, or in none. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]"})
    void atPort80TheNameNeedsNoPort(String name) {
        assertThat(web.isOurs("GET", headers(name, null))).isTrue();
        assertThat(web.isOurs("GET", headers(name + ":80", null))).isTrue();
        assertThat(web.isOurs("POST", headers(name, "http://" + name))).isTrue();
        assertThat(web.isOurs("POST", headers(name + ":80", "http://" + name))).isTrue();
        assertThat(web.isOurs("POST", headers(name, "http://" + name + ":80"))).isTrue();
    }

    @Test
    void atPort80OtherNamesAreRefused() {
        for (String name : new String[] {"evil.example", "127.0.0.1:81", "127.0.0.1:80:80", "127.0.0.1:", ""}) {
            assertThat(web.isOurs("GET", headers(name, null))).as(name).isFalse();
            assertThat(web.isOurs("GET", headers("127.0.0.1", "http://" + name)))
                    .as(name)
                    .isFalse();
        }
        assertThat(web.isOurs("GET", headers("127.0.0.1", "https://127.0.0.1"))).isFalse();
        assertThat(web.isOurs("POST", headers("127.0.0.1", null))).isFalse();
        assertThat(web.isOurs("POST", headers("127.0.0.1", "http://localhost"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]"})
    void atAnotherPortTheNameNeedsIt(String name) {
        assertThat(other.isOurs("GET", headers(name + ":8080", null))).isTrue();
        assertThat(other.isOurs("POST", headers(name + ":8080", "http://" + name + ":8080")))
                .isTrue();
        assertThat(other.isOurs("GET", headers(name, null))).isFalse();
        assertThat(other.isOurs("GET", headers(name + ":80", null))).isFalse();
        assertThat(other.isOurs("GET", headers(name + ":8080", "http://" + name)))
                .isFalse();
    }

    @Test
    void twoOriginsAreRefused() {
        Headers headers = headers("127.0.0.1", "http://127.0.0.1");
        headers.add("Origin", "http://127.0.0.1");

        assertThat(web.isOurs("POST", headers)).isFalse();
    }

    /** A JVM that prefers addresses of IPv6 listens on that one. */
    @Test
    void theAddressThatIsPrintedIsTheOneThatTheServerListensOn() throws IOException {
        byte[] six = new byte[16];
        six[15] = 1;

        assertThat(InspectorServer.url(new InetSocketAddress(InetAddress.getByAddress(six), 8080), "k"))
                .hasToString("http://[::1]:8080/?key=k");
        assertThat(InspectorServer.url(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 8080), "k"))
                .hasToString("http://127.0.0.1:8080/?key=k");
    }

    private static Headers headers(String host, @Nullable String origin) {
        Headers headers = new Headers();
        headers.add("Host", host);
        if (origin != null) {
            headers.add("Origin", origin);
        }
        return headers;
    }
}
