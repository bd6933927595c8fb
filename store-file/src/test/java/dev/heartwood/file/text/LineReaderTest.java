package dev.heartwood.file.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines and their positions, wherever a line ends: before, at and after the end of a block that was read at once. */
class LineReaderTest {
    private static final int BLOCK = 1 << 16;

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                1_023,
                1_024,
                1_025,
                BLOCK - 2,
                BLOCK - 1,
                BLOCK,
                BLOCK + 1,
                2 * BLOCK - 1,
                2 * BLOCK,
                3 * BLOCK
            })
    void aLineOfAnyLengthIsWholeAndSoIsTheOneAfterIt(int length) throws IOException {
        byte[] text = new byte[length + 5];
        Arrays.fill(text, (byte) 'x');
        text[length] = '\n';
        text[length + 4] = '\n';

        LineReader lines = new LineReader(new ByteArrayInputStream(text));

        assertThat(lines.position()).isZero();
        assertThat(lines.next()).isTrue();
        assertThat(lines.length()).isEqualTo(length);
        assertThat(Arrays.equals(lines.line(), 0, length, text, 0, length)).isTrue();
        assertThat(lines.position()).isEqualTo(length + 1L);
        assertThat(lines.next()).isTrue();
        assertThat(new String(lines.line(), 0, lines.length(), StandardCharsets.UTF_8))
                .isEqualTo("xxx");
        assertThat(lines.position()).isEqualTo(length + 5L);
        assertThat(lines.next()).isFalse();
        assertThat(lines.position()).isEqualTo(length + 5L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, BLOCK - 1, BLOCK, BLOCK + 1})
    void aLineWithoutAnEndIsLeftOut(int length) throws IOException {
        byte[] text = new byte[2 + length];
        Arrays.fill(text, (byte) 'x');
        text[1] = '\n';

        LineReader lines = new LineReader(new ByteArrayInputStream(text));

        assertThat(lines.next()).isTrue();
        assertThat(lines.next()).isFalse();
        assertThat(lines.position()).isEqualTo(2);
    }

    @Test
    void positionsHoldHoweverFewBytesAReadGives() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] text = new byte[5 * BLOCK];
        int newlines = 0;
        for (int i = 0; i < text.length; i++) {
            boolean end = random.nextInt(3_000) == 0;
            text[i] = (byte) (end ? '\n' : 'x');
            newlines += end ? 1 : 0;
        }

        LineReader lines = new LineReader(inPieces(text, random));
        int from = 0;
        int read = 0;
        while (lines.next()) {
            read++;
            from += lines.length() + 1;
            assertThat(lines.position()).as("seed %d", seed).isEqualTo(from);
            assertThat(text[from - 1]).as("seed %d", seed).isEqualTo((byte) '\n');
        }
        assertThat(read).as("seed %d", seed).isEqualTo(newlines);
    }

    private static InputStream inPieces(byte[] text, Random random) {
        return new ByteArrayInputStream(text) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(BLOCK)));
            }
        };
    }
}
