import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for Maven Central on the loopback address: keeps the bundle that the publishing plugin uploads, answers that it is valid,
 * and ends. {@code .ci/release} checks the bundle itself.
 *
 * <p>{@code java CentralStandIn.java ADDRESS_FILE BUNDLE}: writes its address into the one file and the bundle into the other.
 */
final class CentralStandIn {
    private static final String ID = "28570f16-da32-4c14-bd2e-c1acc0782365";

    public static void main(String[] args) throws Exception {
        Path bundle = Path.of(args[1]);
        CountDownLatch done = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/publisher/upload", exchange -> {
            Files.write(bundle, onlyPart(exchange));
            answer(exchange, 201, "text/plain", ID);
        });
        server.createContext("/api/v1/publisher/status", exchange -> {
            answer(exchange, 200, "application/json",
                    "{\"deploymentId\":\"" + ID + "\",\"deploymentName\":\"Deployment\",\"deploymentState\":\"VALIDATED\","
                            + "\"purls\":[],\"errors\":{}}");
            done.countDown();
        });
        server.start();
        Path file = Path.of(args[0]);
        Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".part"),
                "http://127.0.0.1:" + server.getAddress().getPort());
        Files.move(written, file);
        done.await(2, TimeUnit.HOURS);
        server.stop(1);
    }

    /** The content of the one part of a multipart request. */
    private static byte[] onlyPart(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
        int from = body.indexOf("\r\n\r\n") + 4;
        String boundary = body.substring(0, body.indexOf("\r\n"));
        return body.substring(from, body.lastIndexOf("\r\n" + boundary)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
