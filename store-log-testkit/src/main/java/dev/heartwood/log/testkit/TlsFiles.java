package dev.heartwood.log.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate of a server that vouches for itself, in PEM, for tests of TLS.
 *
 * @param certificate the certificate
 * @param key its key
 */
public record TlsFiles(Path certificate, Path key) {
    private static final String PASSWORD = "changeit";

    /**
     * Makes the files in a folder.
     *
     * @param host the one name that the certificate is for
     */
    public static TlsFiles make(Path folder, String host)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("tls.p12");
        ServerProcess.run(
                null,
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "2",
                "-dname",
                "CN=" + host,
                "-ext",
                "SAN=dns:" + host,
                "-ext",
                "BC:critical=ca:true",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        TlsFiles files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        pem(files.certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem(
                files.key,
                "PRIVATE KEY",
                keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(files.key, PosixFilePermissions.fromString("rw-------"));
        return files;
    }

    /** The file of the authority, which is the certificate itself. */
    public Path authority() {
        return certificate;
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
