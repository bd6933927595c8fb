package dev.heartwood.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * etcd's JSON gateway: a request is a POST of a JSON object, and so is the answer. One member of the cluster is used until a
 * request fails there, then the next.
 */
final class Gateway {
    /** Codes of gRPC with which etcd says that a request was not applied, and that repeating it is useless. */
    private static final Set<Long> REFUSED = Set.of(3L, 5L, 7L, 8L, 9L, 11L, 12L);

    private static final long EXHAUSTED = 8;
    private static final long UNAUTHENTICATED = 16;
    private static final int OK = 200;

    private final List<URI> endpoints;
    private final EtcdOptions options;
    private final HttpClient http;
    private final AtomicInteger current;
    private volatile @Nullable String token;
    private volatile boolean closed;

    Gateway(List<URI> endpoints, EtcdOptions options) {
        this.endpoints = List.copyOf(endpoints);
        this.options = options;
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("expected at least one endpoint");
        }
        endpoints.forEach(Gateway::check);
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(options.requestTimeout());
        SSLContext tls = options.tls();
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.http = builder.build();
        // Processes spread over the members.
        this.current = new AtomicInteger(Math.floorMod(ProcessHandle.current().pid(), endpoints.size()));
    }

    private static void check(URI endpoint) {
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        // The message leaves the endpoint out, which may hold a password.
        if (!Set.of("http", "https").contains(scheme)
                || endpoint.getHost() == null
                || endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException("expected an endpoint of the form http://host:2379 or https://host:2379;"
                    + " options.user(name, password) sets the user");
        }
    }

    /** The answer to a request that may be repeated. */
    HashMap<String, @Nullable Object> ask(String path, Map<String, ?> request) throws Unavailable, Refused {
        try {
            return post(path, request);
        } catch (InDoubt e) {
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    /** The answer to a request. */
    HashMap<String, @Nullable Object> post(String path, Map<String, ?> request) throws InDoubt, Unavailable, Refused {
        int member = current.get();
        HttpResponse<String> response = send(member, request(member, path, request), BodyHandlers.ofString(UTF_8));
        if (response.statusCode() != OK) {
            throw failure(member, response.statusCode(), response.body());
        }
        try {
            return Json.read(response.body());
        } catch (StoreException e) {
            throw new InDoubt(message(member, "has answered with something that is no JSON", e), e);
        }
    }

    /**
     * Begins a request whose answer comes in pieces.
     *
     * @param member the member to ask: the next one if that of the request before has failed
     * @return the answer, to be read line by line, and closed
     */
    InputStream stream(int member, String path, Map<String, ?> request)
            throws InDoubt, Unavailable, Refused, IOException {
        HttpResponse<InputStream> response = send(member, request(member, path, request), BodyHandlers.ofInputStream());
        if (response.statusCode() != OK) {
            try (InputStream body = response.body()) {
                throw failure(member, response.statusCode(), new String(body.readAllBytes(), UTF_8));
            }
        }
        return response.body();
    }

    /**
     * Sends a request, and waits for its whole answer, but not for longer than the time-out. (That of {@link HttpRequest}
     * ends when the head of the answer is there: the rest could be waited for without end.) An interrupt does not end the
     * wait: it would spoil each retry, too.
     */
    private <T> HttpResponse<T> send(int member, HttpRequest request, BodyHandler<T> handler)
            throws InDoubt, Unavailable, Refused {
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
        long end = System.nanoTime() + options.requestTimeout().toNanos();
        boolean isInterrupted = false;
        try {
            for (; ; ) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } catch (ExecutionException e) {
            next(member);
            throw failure(member, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            next(member);
            boolean ignored = answer.cancel(true);
            throw new InDoubt(message(member, "has not answered in time", e), e);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A connection that could not be made carried no request. */
    private InDoubt failure(int member, Throwable e) throws Unavailable, Refused {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                throw new Refused(message(member, "has a certificate that is not trusted here", cause), e);
            }
        }
        if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
            throw new Unavailable(message(member, "cannot be reached", e), e);
        }
        return new InDoubt(message(member, "has not answered", e), e);
    }

    private HttpRequest request(int member, String path, Map<String, ?> body) throws InDoubt, Unavailable, Refused {
        if (closed) {
            throw new Refused("this connection is closed", null);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint(member).resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
        String user = options.user();
        if (user != null && !path.equals("/v3/auth/authenticate")) {
            request.header("Authorization", token(user));
        }
        return request.build();
    }

    private String token(String user) throws InDoubt, Unavailable, Refused {
        String known = token;
        if (known == null) {
            known = String.valueOf(ask("/v3/auth/authenticate", Map.of("name", user, "password", options.password()))
                    .getOrElse("token", null));
            token = known;
        }
        return known;
    }

    private InDoubt failure(int member, int status, String body) throws Unavailable, Refused {
        HashMap<String, @Nullable Object> answer;
        try {
            answer = Json.read(body);
        } catch (StoreException e) {
            next(member);
            return new InDoubt(message(member, "has answered with HTTP status " + status, e), e);
        }
        Object code = answer.getOrElse("code", null);
        String words = "etcd: " + answer.getOrElse("message", answer.getOrElse("error", "HTTP status " + status));
        if (Long.valueOf(UNAUTHENTICATED).equals(code)
                || words.contains("invalid auth token")
                || words.contains("auth store is old")) {
            // The token has expired: the request was not applied, and the next one fetches a new token.
            token = null;
            throw new Unavailable(words, null);
        } else if (words.contains("too many requests")) {
            throw new Unavailable(words, null);
        } else if (Long.valueOf(EXHAUSTED).equals(code) && words.contains("space")) {
            throw new Refused(
                    words + ". Compact and defragment etcd, or give it more room, and disarm the alarm", null);
        } else if (REFUSED.contains(code)) {
            throw new Refused(words, null);
        }
        next(member);
        return new InDoubt(words, null);
    }

    /** A JSON object of an answer. */
    @SuppressWarnings("unchecked") // JSON objects are maps of this kind
    static HashMap<String, @Nullable Object> map(@Nullable Object json) {
        return json instanceof HashMap<?, ?> ? (HashMap<String, @Nullable Object>) json : HashMap.empty();
    }

    /** The member that requests go to. */
    int member() {
        return current.get();
    }

    /** Goes on with the next member if this one is still in use. */
    private void next(int member) {
        current.compareAndSet(member, (member + 1) % endpoints.size());
    }

    private URI endpoint(int member) {
        return endpoints.get(member % endpoints.size());
    }

    private String message(int member, String what, Throwable e) {
        URI endpoint = endpoint(member);
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return "etcd at " + endpoint.getHost() + ":" + endpoint.getPort() + " " + what + ": " + why;
    }

    void close() {
        closed = true;
    }
}
