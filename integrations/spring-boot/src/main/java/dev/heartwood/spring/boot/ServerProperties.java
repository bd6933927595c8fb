package dev.heartwood.spring.boot;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.springframework.util.StringUtils;

/** The address of an engine's server, and the credentials for it. */
final class ServerProperties {
    private final HeartwoodProperties properties;
    private final String url;

    ServerProperties(HeartwoodProperties properties, String type, String example) {
        this.properties = properties;
        String given = properties.getUrl();
        if (!StringUtils.hasText(given)) {
            throw new HeartwoodConfigurationException(
                    "heartwood.type is " + type + ", and heartwood.url names no server.",
                    "Set heartwood.url, for example to " + example + ".");
        }
        this.url = given;
    }

    String url() {
        return url;
    }

    URI address() {
        return address(url);
    }

    /** Of the members of a cluster, with commas between them. */
    List<URI> addresses() {
        return Arrays.stream(StringUtils.commaDelimitedListToStringArray(url))
                .map(ServerProperties::address)
                .toList();
    }

    /** An address that cannot be read is not repeated: it may have a password in it. */
    private static URI address(String text) {
        try {
            return URI.create(text.trim());
        } catch (IllegalArgumentException e) {
            throw new HeartwoodConfigurationException(
                    "heartwood.url is no address of a server.",
                    "Set heartwood.url to the form that the documentation of the engine has.");
        }
    }

    String tree() {
        return properties.getTree();
    }

    boolean hasUser() {
        return StringUtils.hasText(properties.getUsername()) || StringUtils.hasText(properties.getPassword());
    }

    String user() {
        String user = properties.getUsername();
        return user == null ? "" : user;
    }

    String password() {
        String password = properties.getPassword();
        return password == null ? "" : password;
    }
}
