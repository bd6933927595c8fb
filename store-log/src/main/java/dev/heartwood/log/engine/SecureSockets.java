package dev.heartwood.log.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connects engines that speak a protocol of their own over TCP. */
public final class SecureSockets {
    private SecureSockets() {}

    /**
     * A connected socket, whose reads give up after the time-out of the settings.
     *
     * @param isTls whether to use TLS; then the server's certificate must name the host
     */
    public static Socket connect(ServerAddress server, boolean isTls, EngineSettings settings) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(server.host(), server.port()), settings.timeoutMillis());
            plain.setSoTimeout(settings.timeoutMillis());
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            return isTls ? secured(plain, server, settings.tls()) : plain;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, ServerAddress server, @Nullable SSLContext tls) throws IOException {
        SSLSocketFactory factory =
                tls == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : tls.getSocketFactory();
        SSLSocket secured = (SSLSocket) factory.createSocket(plain, server.host(), server.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        try {
            secured.startHandshake();
        } catch (IOException e) {
            throw new IOException(
                    "the TLS handshake failed (" + e.getMessage() + "); does the server expect TLS at this port?", e);
        }
        return secured;
    }
}
