package dev.heartwood.file.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A line is one commit, whole or none, of one journal; and it proves which lines before it were durable. */
class JournalLineTest {
    private static final String ID = "0123456789abcdef";
    private static final byte[] JSON = "[{\"put\":\"/a\",\"value\":\"\u00e4\"}]".getBytes(UTF_8);

    private static JournalLine line(long sequence, long first) {
        byte[] bytes = JournalLine.of(ID, sequence, first, JSON, 0);
        return Objects.requireNonNull(JournalLine.parse(ID, bytes, bytes.length - 1));
    }

    @Test
    void itSaysWhatWasWritten() {
        JournalLine line = line(12, 11);
        assertThat(line.sequence()).isEqualTo(12);
        assertThat(line.first()).isEqualTo(11);
        assertThat(line.json()).isEqualTo(JSON);
        assertThat(line.text()).isEqualTo(new String(JSON, UTF_8));
    }

    @Test
    void itProvesTheLinesBeforeTheFirstOfItsBatchAndNoMore() {
        assertThat(line(1, 1).acknowledged()).isZero();
        assertThat(line(5, 3).acknowledged()).isEqualTo(2);
        assertThat(line(5, 3).isCopy()).isFalse();
        assertThat(line(5, -5).acknowledged()).isEqualTo(4);
        assertThat(line(5, -5).isCopy()).isTrue();
    }

    @Test
    void aLineThatIsNotWholeOrIsOfAnotherJournalIsNone() {
        byte[] bytes = JournalLine.of(ID, 5, 3, JSON, 0);
        int length = bytes.length - 1;
        for (int i = 0; i < length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 2;
            assertThat(JournalLine.parse(ID, damaged, length)).as("byte %d", i).isNull();
            assertThat(JournalLine.parse(ID, Arrays.copyOf(bytes, i), i))
                    .as("%d bytes", i)
                    .isNull();
        }
        assertThat(JournalLine.parse("0123456789abcdee", bytes, length)).isNull();
        assertThat(JournalLine.parse("", bytes, length)).isNull();
    }

    @Test
    void spacesFillItUpAndAreNotLackedWhereItIsLonger() {
        byte[] filled = JournalLine.of(ID, 5, 3, JSON, 100);
        assertThat(filled).hasSameSizeAs(JournalLine.of(ID, 5, 3, "{}".getBytes(UTF_8), 100));
        assertThat(Objects.requireNonNull(JournalLine.parse(ID, filled, filled.length - 1))
                        .text()
                        .strip())
                .isEqualTo(new String(JSON, UTF_8));
        assertThat(JournalLine.of(ID, 5, 3, JSON, 10)).isEqualTo(JournalLine.of(ID, 5, 3, JSON, 0));
    }
}
