package dev.heartwood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountingServerTest {
    @Test
    void countsGoOnAfterARestartAndAnEditByHand(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("visits.json");
        try (CountingServer server = new CountingServer(file, 0)) {
            assertThat(visit(server, "/a")).isEqualTo("/a was visited 1 times\n");
            assertThat(visit(server, "/a")).isEqualTo("/a was visited 2 times\n");
            assertThat(Files.readString(file)).isEqualTo("{\n  \"pages\": {\n    \"/a\": 2\n  },\n  \"total\": 2\n}\n");
        }
        Files.writeString(file, Files.readString(file).replace("\"/a\": 2", "\"/a\": 40"));
        try (CountingServer server = new CountingServer(file, 0)) {
            assertThat(visit(server, "/a")).isEqualTo("/a was visited 41 times\n");
        }
    }

    private static String visit(CountingServer server, String page) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + server.port() + page);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
