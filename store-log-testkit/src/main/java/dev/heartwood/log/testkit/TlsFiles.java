package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of a server in PEM, for tests of TLS.
 *
 * @param certificate the certificate
 * @param key its key
 * @param authority the certificate of the authority that has signed it
 */
public record TlsFiles(Path certificate, Path key, Path authority) {
    private static final String PASSWORD = "changeit";

    /**
     * Makes the files in a folder. The certificate vouches for itself.
     *
     * @param host the one name that the certificate is for
     */
    public static TlsFiles make(Path folder, String host)
            throws IOException, InterruptedException, GeneralSecurityException {
        keyPair(folder, "server", host);
        TlsFiles files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), folder.resolve("tls.crt"));
        files.write(folder);
        return files;
    }

    /** The same with an authority, which has signed a second certificate, too, that has expired: see {@link #expire}. */
    public static TlsFiles makeExpiring(Path folder, String host)
            throws IOException, InterruptedException, GeneralSecurityException {
        keyPair(folder, "server", host);
        keyPair(folder, "authority", "an authority");
        TlsFiles files =
                new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), folder.resolve("authority.crt"));
        files.write(folder);
        pem(
                files.authority,
                "CERTIFICATE",
                store(folder).getCertificate("authority").getEncoded());
        String request = folder.resolve("request").toString();
        keytool(folder, "-certreq", "-alias", "server", "-file", request);
        for (String start : List.of("-1H", "-3d")) {
            keytool(
                    folder,
                    "-gencert",
                    "-alias",
                    "authority",
                    "-infile",
                    request,
                    "-outfile",
                    files.other(start.equals("-3d") ? "expired" : "renewed").toString(),
                    "-startdate",
                    start,
                    "-validity",
                    "2",
                    "-ext",
                    "SAN=dns:" + host,
                    "-rfc");
        }
        files.renew();
        return files;
    }

    private Path other(String name) {
        return certificate.resolveSibling(name + ".crt");
    }

    /** Puts a certificate that expired yesterday in the place of the other; the server reads it when it is started again. */
    public void expire() throws IOException {
        Files.write(certificate, Files.readAllBytes(other("expired")));
    }

    /** Puts one that is valid in its place. */
    public void renew() throws IOException {
        Files.write(certificate, Files.readAllBytes(other("renewed")));
    }

    /**
     * A store over a server whose certificate expires says so, its reads go on, and so do its commits when the certificate has
     * been renewed.
     */
    public void requireRefusedWhileExpired(ServerProcess server, Store store) throws Exception {
        store.put("n", 1L);
        expire();
        server.kill();
        server.start();
        assertThatThrownBy(store::fresh).isInstanceOf(StoreIOException.class).hasMessageContaining("has expired");
        // The first commit meets a connection that has ended, and may be in doubt.
        assertThatThrownBy(() -> store.put("n", 2L)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.put("n", 2L))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("was not made")
                .hasMessageContaining("has expired");
        assertThat(store.get("n")).isEqualTo(1L);
        renew();
        server.kill();
        server.start();
        server.awaitTrue(() -> {
            try {
                store.put("n", 3L);
                return true;
            } catch (StoreException e) {
                return false;
            }
        });
        assertThat(store.fresh().get("n")).isEqualTo(3L);
    }

    private static void keyPair(Path folder, String alias, String name) throws IOException, InterruptedException {
        keytool(
                folder,
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:" + name.replace(' ', '-'),
                "-ext",
                "BC:critical=ca:true");
    }

    private static void keytool(Path folder, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of(
                "-storetype", "PKCS12", "-keystore", folder.resolve("tls.p12").toString(), "-storepass", PASSWORD));
        String ignored = ServerProcess.run(null, command.toArray(String[]::new));
    }

    private static KeyStore store(Path folder) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("tls.p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void write(Path folder) throws IOException, GeneralSecurityException {
        KeyStore keys = store(folder);
        pem(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem(key, "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    /** A context of TLS that trusts the authority alone. */
    public SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Gives the files to a user if this process is root's. */
    public void giveTo(String user) throws IOException {
        if ("root".equals(System.getProperty("user.name"))) {
            var owner = key.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            Files.setOwner(key, owner);
            Files.setOwner(certificate, owner);
        }
    }

    private static void pem(Path file, String kind, byte[] bytes) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
