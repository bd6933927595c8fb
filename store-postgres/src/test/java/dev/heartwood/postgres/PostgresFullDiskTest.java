package dev.heartwood.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database whose disk, a small one in memory, is full. Needs root. */
@Timeout(120)
class PostgresFullDiskTest {
    @TempDir
    Path folder;

    @Test
    void aFullDiskRefusesCommitsInWordsAndWhenItHasRoomTheyGoOn() throws Exception {
        requireRoot();
        try (ServerProcess server = new PostgresEngine().start()) {
            ServerProcess.run(null, "mount", "-t", "tmpfs", "-o", "size=24m,mode=755", "tmpfs", folder.toString());
            try {
                refusesInWords(server);
            } finally {
                server.kill();
                ServerProcess.run(null, "umount", folder.toString());
            }
        }
    }

    private void refusesInWords(ServerProcess server) throws Exception {
        Path place = Files.createDirectory(folder.resolve("data"));
        Files.setOwner(
                place, place.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        // The folders above it are those of a test, and for root alone.
        for (Path above = folder; above.getNameCount() > 1; above = above.getParent()) {
            ServerProcess.run(null, "chmod", "a+x", above.toString());
        }
        String ignored = PostgresEngine.sql(
                PostgresEngine.url(server.port()),
                "CREATE TABLESPACE small LOCATION '" + place + "'",
                "CREATE DATABASE small TABLESPACE small");
        String url = PostgresEngine.url(server.port()).replace("/postgres?", "/small?");
        try (Store store = PostgresStore.open(url, "tree")) {
            store.put("n", 1L);
            Path filler = filler();
            assertThatThrownBy(() -> {
                        Random random = new Random(1);
                        for (int i = 0; i < 200; i++) {
                            store.put("large" + i, text(random));
                        }
                    })
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("was not made")
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("Free the disk of the server");
            assertThat(store.fresh().get("n")).isEqualTo(1L);
            Files.delete(filler);
            store.put("n", 2L);
            store.put("large", text(new Random(2)));
            assertThat(store.fresh().get("n")).isEqualTo(2L);
        }
    }

    private static void requireRoot() {
        if (!"root".equals(System.getProperty("user.name"))) {
            System.out.println("SKIPPED: a full disk of a database needs root");
            Assumptions.abort("not root");
        }
    }

    /** A file that leaves no room for others. */
    private Path filler() throws IOException {
        Path filler = folder.resolve("filler");
        byte[] piece = new byte[64 << 10];
        try (var out = Files.newOutputStream(filler)) {
            for (int i = 0; i < 1_000; i++) {
                out.write(piece);
            }
            throw new AssertionError("the disk is larger than it should be");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return filler;
    }

    /** Some that cannot be compressed. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 100_000) {
            text.append(Long.toString(random.nextLong(), 36));
        }
        return text.toString();
    }
}
