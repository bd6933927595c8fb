package dev.heartwood.inspector;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are answered. A web page from elsewhere can make this computer's browser send requests here,
 * by any name that it lets resolve to the loopback address (DNS rebinding), so the names in {@code Host} and
 * {@code Origin} must be ours. Each request but the first must carry the cookie that the first one received for the key
 * in its address.
 */
final class AccessCheck {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String key = random();
    private final String session = random();
    private final int port;
    private final Set<String> hosts;
    private final String cookie;

    AccessCheck(int port) {
        this.port = port;
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        // Cookies do not tell ports apart: two inspectors need two names.
        this.cookie = "heartwood-" + port;
    }

    String key() {
        return key;
    }

    /** Whether the request names this server, and comes from no page of another one. */
    boolean isOurs(String method, Headers headers) {
        List<String> host = headers.getOrDefault("Host", List.of());
        if (host.size() != 1 || !hosts.contains(withPort(host.get(0)))) {
            return false;
        }
        List<String> origins = headers.getOrDefault("Origin", List.of());
        // A browser sends the origin with every request that changes something.
        boolean needed = !method.equals("GET");
        return origins.isEmpty()
                ? !needed
                : origins.size() == 1 && withPort(origins.get(0)).equals("http://" + withPort(host.get(0)));
    }

    /** Browsers leave out the port 80. */
    private String withPort(String name) {
        return port == 80 && !name.endsWith(":80") ? name + ":80" : name;
    }

    /** Whether the address has the key. */
    boolean hasKey(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query != null && query.startsWith("key=") && same(query.substring(4), key);
    }

    boolean hasCookie(HttpExchange exchange) {
        for (String header : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : header.split(";", -1)) {
                String trimmed = pair.strip();
                if (trimmed.startsWith(cookie + "=") && same(trimmed.substring(cookie.length() + 1), session)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Scripts cannot read the cookie, and requests that begin on other sites do not carry it. */
    void setCookie(HttpExchange exchange) {
        exchange.getResponseHeaders().set("Set-Cookie", cookie + "=" + session + "; Path=/; HttpOnly; SameSite=Strict");
    }

    /** In constant time, so that the response time does not reveal how many characters were right. */
    private static boolean same(@Nullable String given, String expected) {
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
