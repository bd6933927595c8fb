package dev.heartwood.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.heartwood.json.Json;
import dev.heartwood.log.LogException;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.ErrorKinds;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The JSON gateway of a member of a cluster: a request is a POST of a JSON object, and so is the answer. */
final class EtcdMember {
    /** Words where the code of an error says too little, and codes of gRPC. */
    private static final ErrorKinds KINDS = ErrorKinds.NONE
            .unavailable("invalid auth token", "auth store is old", "too many requests", "(code 16)")
            .refused(". Compact and defragment etcd, or give it more room, and disarm the alarm", "space exceeded")
            .refused("", "(code 3)", "(code 5)", "(code 7)", "(code 8)", "(code 9)", "(code 11)", "(code 12)");

    private final HttpClient http;
    private final URI endpoint;
    private final EngineSettings settings;
    private String token = "";

    EtcdMember(HttpClient http, URI endpoint, EngineSettings settings) {
        this.http = http;
        this.endpoint = endpoint;
        this.settings = settings;
    }

    /** Fetches a token, which expires after a while: then the next connection fetches another. */
    void logIn() throws IOException, LogException {
        if (!settings.user().isEmpty()) {
            Map<String, ?> login = Map.of("name", settings.user(), "password", String.valueOf(settings.password()));
            token = String.valueOf(post("/v3/auth/authenticate", login).getOrElse("token", ""));
        }
    }

    /** The answer to a request. */
    HashMap<String, @Nullable Object> post(String path, Map<String, ?> request) throws IOException, LogException {
        return Json.read(bytes(path, request));
    }

    /** The answer to a request, as it comes. */
    byte[] bytes(String path, Map<String, ?> request) throws IOException, LogException {
        HttpResponse<byte[]> response = send(path, request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw error(response.statusCode(), new String(response.body(), UTF_8));
        }
        return response.body();
    }

    /** Begins a request whose answer comes in pieces, to be read line by line. */
    InputStream stream(String path, Map<String, ?> request) throws IOException, LogException {
        HttpResponse<InputStream> response = send(path, request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw error(response.statusCode(), new String(body.readAllBytes(), UTF_8));
            }
        }
        return response.body();
    }

    /**
     * Sends a request, and waits for its whole answer, but not for longer than the time-out. (That of {@link HttpRequest}
     * ends when the head of the answer is there: the rest could be waited for without end.)
     */
    private <T> HttpResponse<T> send(String path, Map<String, ?> body, BodyHandler<T> handler) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request.build(), handler);
        try {
            // An interrupt ends no request, whose outcome the caller would not know; join keeps it for the caller.
            CompletableFuture<HttpResponse<T>> limited = answer.copy();
            return limited.orTimeout(settings.timeoutMillis(), MILLISECONDS).join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof TimeoutException) {
                boolean ignored = answer.cancel(true);
                throw new IOException("it took more than " + settings.timeoutMillis() + " ms", e);
            }
            // Only the connect time-out leaves no commit in doubt.
            throw cause instanceof HttpConnectTimeoutException
                    ? new ConnectException(cause.getMessage())
                    : new IOException(cause.getMessage(), cause);
        }
    }

    private static LogException error(int status, String body) {
        HashMap<String, @Nullable Object> answer = Json.read(body);
        Object words = answer.getOrElse("message", answer.getOrElse("error", "HTTP status " + status));
        return KINDS.in("etcd: " + words + " (code " + answer.getOrElse("code", "unknown") + ")", null);
    }

    @Override
    public String toString() {
        return "etcd at " + endpoint.getAuthority();
    }
}
