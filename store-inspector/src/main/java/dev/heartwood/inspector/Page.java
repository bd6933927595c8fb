package dev.heartwood.inspector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The page: one HTML document of the script and style files beside it. Its Content-Security-Policy lets only this
 * script and this style work, by their digests, and only the live page speaks to the program that served it.
 */
final class Page {
    private static final List<String> SCRIPTS = List.of(
            "values.js",
            "states.js",
            "diff.js",
            "places.js",
            "search.js",
            "dom.js",
            "timeline.js",
            "panels.js",
            "app.js",
            "live.js",
            "start.js");

    private static final String ICON =
            "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'"
                    + " fill='none' stroke='%239c4f12' stroke-width='2.4'%3E%3Ccircle cx='16' cy='16' r='14'/%3E%3Ccircle"
                    + " cx='17' cy='16.5' r='8.5'/%3E%3Ccircle cx='17.5' cy='17' r='3' fill='%239c4f12'/%3E%3C/svg%3E\">\n";

    private static final String SCRIPT = "(() => {\n'use strict';\n"
            + SCRIPTS.stream().map(Page::resource).collect(Collectors.joining("\n")) + "})();\n";
    private static final String STYLE = resource("style.css");
    private static final String BODY = resource("page.html");

    private Page() {}

    /** A document that carries its recording with it. */
    static void report(Recording recording, Writer out) throws IOException {
        out.write(head(policy()));
        out.write(BODY);
        out.write("<script type=\"application/json\" id=\"recording\">{");
        RecordingWriter writer = new RecordingWriter(out, recording.longest());
        writer.made(Instant.now());
        writer.recording(recording);
        out.write("}</script>\n");
        out.write(end());
        out.flush();
    }

    /** A document that asks its server for the recording. */
    static String live() {
        return head(livePolicy()) + BODY + end();
    }

    /** The rights of the live page; {@code frame-ancestors} counts in a header only. */
    static String livePolicy() {
        return policy() + "; connect-src 'self'";
    }

    private static String policy() {
        return "default-src 'none'; script-src " + digest(SCRIPT) + "; style-src " + digest(STYLE)
                + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String head(String policy) {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n"
                + "<meta name=\"referrer\" content=\"no-referrer\">\n"
                + "<title>Heartwood inspector</title>\n" + ICON
                + "<style>" + STYLE + "</style>\n</head>\n<body>\n";
    }

    private static String end() {
        return "<script>" + SCRIPT + "</script>\n</body>\n</html>\n";
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
