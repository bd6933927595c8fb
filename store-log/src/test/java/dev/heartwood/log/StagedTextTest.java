package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import dev.heartwood.log.SharedLog.Position;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Large texts are in parts that the log has room for, and come back whole or not at all. */
class StagedTextTest {
    private static final int LARGEST = 1_000;
    private static final Position AT = new Position(7, "writer:3");

    private final SharedLog log = new InMemoryLog(LARGEST).connect();

    private StagedText.Reference put(String text) throws LogException {
        StagedText.put(log, StagedText.ENTRIES, AT, text);
        return StagedText.reference(log, text);
    }

    private String part(int number) throws LogException {
        return String.valueOf(log.get(StagedText.name(StagedText.ENTRIES, AT) + "/" + number));
    }

    /** The characters have one to four bytes, so a part ends before, within and behind each of them. */
    @Test
    void noPartCutsACharacterAndEachFits() throws LogException {
        for (int shift = 0; shift < 12; shift++) {
            String text = "x".repeat(shift) + "a\u00e4\u20ac\ud83c\udf33".repeat(500);
            StagedText.Reference reference = put(text);
            assertThat(reference.parts()).isGreaterThan(4);
            for (int i = 0; i < reference.parts(); i++) {
                byte[] bytes = part(i).getBytes(StandardCharsets.UTF_8);
                assertThat(bytes.length).isLessThanOrEqualTo(LARGEST);
                assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(part(i));
            }
            assertThat(StagedText.get(log::get, StagedText.ENTRIES, AT, reference))
                    .isEqualTo(text);
        }
    }

    @Test
    void anEmptyTextIsOnePart() throws LogException {
        StagedText.Reference reference = put("");
        assertThat(reference.parts()).isEqualTo(1);
        assertThat(StagedText.get(log::get, StagedText.ENTRIES, AT, reference)).isEmpty();
    }

    @Test
    void aTextWithoutOneOfItsPartsIsGone() throws LogException {
        StagedText.Reference reference = put("x".repeat(5 * LARGEST));
        String name = StagedText.name(StagedText.ENTRIES, AT) + "/4";
        log.delete(name, name + "0");
        assertThat(StagedText.get(log::get, StagedText.ENTRIES, AT, reference)).isNull();
    }

    @Test
    void aTextWithAnotherPartIsDamaged() throws LogException {
        StagedText.Reference reference = put("x".repeat(2 * LARGEST));
        log.put(StagedText.name(StagedText.ENTRIES, AT) + "/1", "y".repeat(LARGEST));
        assertThatThrownBy(() -> StagedText.get(log::get, StagedText.ENTRIES, AT, reference))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining("Restore the log from a backup");
    }

    @Test
    void textsBelowANumberAreDeletedAndThatOneAndOtherKindsStay() throws LogException {
        StagedText.Reference reference = put("text");
        StagedText.put(log, StagedText.CHECKPOINTS, AT, "text");
        StagedText.deleteBelow(log, StagedText.ENTRIES, AT.number());
        assertThat(StagedText.get(log::get, StagedText.ENTRIES, AT, reference)).isEqualTo("text");
        StagedText.deleteBelow(log, StagedText.ENTRIES, AT.number() + 1);
        assertThat(StagedText.get(log::get, StagedText.ENTRIES, AT, reference)).isNull();
        assertThat(StagedText.get(log::get, StagedText.CHECKPOINTS, AT, reference))
                .isEqualTo("text");
    }
}
