package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.util.VersionUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JacksonVersionTest {
    @ParameterizedTest
    @CsvSource({"2.9.10, false", "2.17.3, false", "2.18.0, true", "2.19.4, true", "2.21.8, true", "2.100.0, true"})
    void versionsFromTwoEighteenOnAreSupported(String version, boolean supported) {
        assertThat(JacksonVersion.isSupported(parse(version))).isEqualTo(supported);
    }

    @Test
    void refusalNamesTheVersionAndThePropertyToSet() {
        assertThat(JacksonVersion.unsupported(parse("2.17.3")))
                .hasMessageContaining("jackson-core 2.17.3")
                .hasMessageContaining("jackson-bom.version");
    }

    @Test
    void versionThatThisBuildUsesIsSupported() {
        JacksonVersion.requireSupported();
    }

    private static Version parse(String version) {
        return VersionUtil.parseVersion(version, "com.fasterxml.jackson.core", "jackson-core");
    }
}
