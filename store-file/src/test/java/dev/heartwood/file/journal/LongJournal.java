package dev.heartwood.file.journal;

import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.ContentDigest;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that a crash leaves of a store with a long journal. */
public final class LongJournal {
    /** So many keys are written again and again. */
    public static final int KEYS = 1_000;

    private static final int COMMITS_A_SYNC = 100;

    private LongJournal() {}

    /** Writes a file of {@link #KEYS} keys, and a journal of about so many bytes. Answers how many commits it has. */
    public static long write(Path file, long bytes) throws IOException {
        byte[] base = "{}\n".getBytes(StandardCharsets.UTF_8);
        StoreLayout place = new StoreLayout(file);
        Files.createDirectory(place.directory());
        Files.write(file, base);
        Files.write(place.generation(1), base);
        JournalHeader header = JournalHeader.following(ContentDigest.of(base));
        long commits = 0;
        long written = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(place.journal(1)))) {
            out.write(header.line());
            while (written < bytes) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                long first = commits - commits % COMMITS_A_SYNC + 1;
                commits++;
                String json =
                        "[{\"put\":\"/k" + commits % KEYS + "\",\"value\":\"" + "x".repeat(100) + commits + "\"}]";
                JournalLine.write(line, header.id(), commits, first, json.getBytes(StandardCharsets.UTF_8));
                line.writeTo(out);
                written += line.size();
            }
        }
        return commits;
    }
}
