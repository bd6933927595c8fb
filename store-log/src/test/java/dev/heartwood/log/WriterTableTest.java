package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.log.SharedLog.Position;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the last entries of the writers tell about an entry: a wrong answer would make a commit twice, or lose it. */
class WriterTableTest {
    private final WriterTable table = new WriterTable();

    @Test
    void theLastEntryOfAWriterIsHeldAndOfAnEarlierOneTheTableCannotTell() {
        table.note(new Position(3, "w:1"));
        table.note(new Position(5, "w:2"));

        assertThat(table.holds(new Position(5, "w:2"))).isTrue();
        assertThat(table.holds(new Position(3, "w:1"))).isNull();
        assertThat(table.holds(new Position(3, "other:1"))).isFalse();
    }

    /** As after a restore of the log: the writer has counted on, or its entry has come to another number. */
    @Test
    void anEntryIsHeldOnlyWithItsNumberAndItsCount() {
        table.note(new Position(5, "w:2"));

        assertThat(table.holds(new Position(5, "w:3"))).isFalse();
        assertThat(table.holds(new Position(6, "w:2"))).isFalse();
        assertThat(table.canFollow(new Position(5, "w:3"))).isFalse();
        assertThat(table.canFollow(new Position(6, "w:2"))).isFalse();
        assertThat(table.canFollow(new Position(4, "w:1"))).isTrue();
    }

    @Test
    void aTableThatIsCompleteFromALaterNumberOnStaysSoWhereLessWouldBeDropped() {
        table.note(new Position(3, "gone:1"));
        table.note(new Position(5, "w:1"));
        table.dropBelow(5);

        table.dropBelow(2);

        assertThat(table.holds(new Position(3, "gone:1"))).isNull();
        assertThat(table.holds(new Position(5, "other:1"))).isFalse();
        assertThat(table.holds(new Position(5, "w:1"))).isTrue();
    }

    /** A row that is dropped too early says of a commit which is in the log that it is not. */
    @Test
    void theRowOfTheNumberItselfIsNotDropped() {
        table.note(new Position(4, "old:1"));
        table.note(new Position(5, "w:1"));

        table.dropBelow(5);

        assertThat(table.holds(new Position(5, "w:1"))).isTrue();
        assertThat(table.holds(new Position(4, "old:1"))).isNull();
        assertThat(table.holds(new Position(5, "other:1"))).isFalse();
    }

    @Test
    void aCopyAndWhatACheckpointHasOfItKnowFromWhereOnTheyAreComplete() {
        table.note(new Position(5, "w:1"));
        table.dropBelow(5);

        WriterTable copy = WriterTable.copyOf(table);
        WriterTable read = WriterTable.of(HashMap.of("w", Vector.of(1L, 5L)), table.completeFrom());

        assertThat(copy.holds(new Position(4, "old:1"))).isNull();
        assertThat(read.holds(new Position(4, "old:1"))).isNull();
        assertThat(copy.rows()).isEqualTo(read.rows()).isEqualTo(Map.of("w", List.of(1L, 5L)));
    }
}
