package dev.heartwood.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The documents that JSON is measured on: generated ones, the same on every machine, and all files in the directory
 * that the system property {@value #DIRECTORY} names.
 */
final class JsonDocuments {
    /** The system property for a directory of more documents, {@code *.json}. */
    static final String DIRECTORY = "heartwood.json.documents";

    static final String ONE = "generated 1 MB";
    static final String FIFTY = "generated 50 MB";
    static final String DECIMALS = "decimals 1 MB";

    private static final int MB = 1_000_000;
    private static final String[] WORDS = {
        "alder",
        "birch",
        "cedar",
        "elm",
        "hazel",
        "juniper",
        "larch",
        "maple",
        "oak",
        "pine",
        "rowan",
        "sycamore",
        "Weißdorn",
        "chêne",
        "楡"
    };

    private JsonDocuments() {}

    /** The names of all documents there are, the largest last. */
    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(ONE));
        String directory = System.getProperty(DIRECTORY);
        if (directory != null) {
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".json"))
                        .sorted()
                        .forEach(names::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        names.addAll(List.of(DECIMALS, FIFTY));
        return names;
    }

    /** A document in UTF-8. */
    static byte[] read(String name) {
        return switch (name) {
            case ONE -> people(MB);
            case FIFTY -> people(50 * MB);
            case DECIMALS -> outline(MB);
            default -> file(name);
        };
    }

    private static byte[] file(String name) {
        try {
            return Files.readAllBytes(Path.of(System.getProperty(DIRECTORY, "."), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records as services exchange them: some 20 leaves each, of every kind, three levels deep. */
    private static byte[] people(int length) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder(length + 1_000).append("{\"version\":3,\"people\":[");
        for (int id = 0; text.length() < length; id++) {
            String name = word(random) + ' ' + word(random);
            text.append(id == 0 ? "" : ",")
                    .append("{\"id\":" + id + ",\"guid\":\"" + Long.toHexString(random.nextLong()) + "\"")
                    .append(",\"active\":" + random.nextBoolean() + ",\"name\":\"" + name + "\"")
                    .append(",\"email\":\"" + word(random) + id + "@example.org\",\"manager\":null")
                    .append(",\"balance\":" + random.nextInt(1_000_000) / 100.0)
                    .append(",\"address\":{\"street\":\"" + random.nextInt(300) + " " + word(random) + " street\"")
                    .append(",\"city\":\"" + word(random) + "\",\"zip\":\"" + (10_000 + random.nextInt(90_000)) + "\"")
                    .append(",\"position\":{\"lat\":" + degrees(random, 90) + ",\"lon\":" + degrees(random, 180) + "}}")
                    .append(",\"tags\":[\"" + word(random) + "\",\"" + word(random) + "\",\"" + word(random) + "\"]")
                    .append(",\"scores\":[" + random.nextInt(100) + "," + random.nextInt(10_000) + "]")
                    .append(",\"about\":\"" + (name + " likes ").repeat(3) + word(random) + ".\\n\"")
                    .append(",\"since\":" + (1_500_000_000_000L + random.nextInt()) + "}");
        }
        return text.append("]}").toString().getBytes(UTF_8);
    }

    /** Pairs of coordinates, and little else. */
    private static byte[] outline(int length) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder(length + 1_000).append("{\"type\":\"Polygon\",\"coordinates\":[[");
        for (int i = 0; text.length() < length; i++) {
            text.append(i == 0 ? "" : ",").append("[" + -random.nextDouble() * 180 + "," + degrees(random, 90) + "]");
        }
        return text.append("]]}").toString().getBytes(UTF_8);
    }

    private static String degrees(Random random, int most) {
        return String.format(Locale.ROOT, "%.6f", (random.nextDouble() * 2 - 1) * most);
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
