package dev.heartwood.json;

import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.json.PackageVersion;
import dev.heartwood.StoreException;

/**
 * The version of jackson-core on the class path. A framework that manages versions may choose an older version than
 * this library requires. From 2.18 on, every document is read and written alike; the columns in messages about invalid
 * JSON differ a little before 2.21. Earlier versions lack methods that reading numbers needs.
 */
final class JacksonVersion {
    private static final int MAJOR = 2;
    private static final int FIRST_MINOR = 18;

    private static final boolean SUPPORTED = isSupported(PackageVersion.VERSION);

    private JacksonVersion() {}

    /**
     * Refuses a version that is too old, each time.
     *
     * @throws StoreException if it is
     */
    static void requireSupported() {
        if (!SUPPORTED) {
            throw unsupported(PackageVersion.VERSION);
        }
    }

    static boolean isSupported(Version version) {
        return version.getMajorVersion() == MAJOR && version.getMinorVersion() >= FIRST_MINOR;
    }

    static StoreException unsupported(Version version) {
        return new StoreException(
                "jackson-core " + version + " is on the class path, and Heartwood needs 2." + FIRST_MINOR
                        + " or later. Choose a newer one: with Maven or Gradle by importing com.fasterxml.jackson:jackson-bom,"
                        + " and where Spring Boot manages versions by its property jackson-bom.version (Boot 3) or jackson-2-bom.version (Boot 4). No"
                        + " file was touched");
    }
}
