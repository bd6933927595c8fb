package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedAuthoritiesTest {
    @TempDir
    Path directory;

    @Test
    void aFileThatIsNotThereIsSaidToBeMissing() {
        Path none = directory.resolve("none.pem");
        assertThatThrownBy(() -> TrustedAuthorities.context(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the certificates in " + none + " cannot be read: " + none + " does not exist");
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.pem"));
        assertThatThrownBy(() -> TrustedAuthorities.context(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the file " + empty + " holds no certificate");
    }
}
