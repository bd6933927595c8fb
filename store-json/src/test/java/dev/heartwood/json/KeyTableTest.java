package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** What a table of keys keeps, it counts: a table that grew without that would be kept for ever. */
class KeyTableTest {
    private static final int SLOTS = 1 << 7;

    private static DocumentKey add(KeyTable table, String text) {
        byte[] bytes = (text + '"').getBytes(ISO_8859_1);
        return table.add(bytes, 0, text.length(), text);
    }

    @Test
    void aKeyThatFindsNoPlaceIsNotKept() {
        KeyTable table = new KeyTable();
        int kept = 0;
        int tried = 0;
        for (int i = 0; tried < 200; i++) {
            String text = "key" + i;
            // All of them look for the same few places.
            if ((add(new KeyTable(), text).hash & (SLOTS - 1)) == 0) {
                tried++;
                kept += add(table, text).isKept() ? 1 : 0;
                assertThat(table.size()).as("after %s", text).isEqualTo(kept);
            }
        }
        assertThat(kept).isPositive().isLessThan(tried);
    }

    @Test
    void keysBeyondAsciiAreCountedToo() {
        KeyTable table = new KeyTable();
        assertThat(table.find("\u00e4")).isNull();
        DocumentKey key = table.add("\u00e4");
        assertThat(table.find("\u00e4")).isSameAs(key);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aKeyIsFoundByAllOfItsBytesAndNoMoreAreKeptThanTheTableMayHold() {
        KeyTable table = new KeyTable();
        // Among so many keys there are some with the same hash and length as one that is kept.
        for (int i = 1_000_000; i < 2_000_000; i++) {
            String text = "key" + i;
            DocumentKey known = table.find((text + '"').getBytes(ISO_8859_1), 0, text.length());
            if (known != null) {
                fail(text + " is taken for " + known.text);
            }
            add(table, text);
        }
        assertThat(table.size()).isLessThanOrEqualTo(1 << 16);
    }

    @Test
    void keysBeyondAsciiAreKeptUpToALengthAndANumberOnly() {
        KeyTable table = new KeyTable();
        String large = "\u00e4".repeat(1_000);
        assertThat(table.add(large).text).isEqualTo(large);
        assertThat(table.size()).isZero();
        for (int i = 0; i < 70_000; i++) {
            table.add("\u00e4" + i);
        }
        assertThat(table.size()).isEqualTo(1 << 16);
    }
}
