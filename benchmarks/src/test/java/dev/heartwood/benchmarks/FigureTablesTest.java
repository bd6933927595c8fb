package dev.heartwood.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of documents are drawn from measured figures, and from nothing else. */
class FigureTablesTest {
    @TempDir
    Path directory;

    @BeforeEach
    void aRun() throws IOException {
        Files.writeString(directory.resolve("points.jsonl"), """
                {"part": "points", "date": "2026-01-01", "revision": "revision 1234", "jdk": "JDK 17", "machine": "2 processors"}
                {"table": "points", "row": "get", "column": "ours", "value": 12, "unit": "ns"}
                {"table": "points", "row": "get", "column": "theirs", "value": 10, "unit": "ns"}
                {"table": "points", "row": "get", "column": "ours", "value": 14, "unit": "ns"}
                {"table": "points", "row": "get", "column": "theirs", "value": 10, "unit": "ns"}
                {"table": "points", "row": "get", "column": "ours", "value": 13, "unit": "ns"}
                {"table": "points", "row": "get", "column": "theirs", "value": 10, "unit": "ns"}
                {"table": "points", "row": "put", "column": "ours", "value": 1234.5, "unit": "ns"}
                {"table": "mixed", "row": "open", "column": "time", "value": 1.5, "unit": "s"}
                {"table": "mixed", "row": "open", "column": "memory", "value": 20, "unit": "MB"}
                """);
    }

    @Test
    void aTableHasTheMedianOfEachCellAndTheRatiosOfTheRounds() throws IOException {
        String drawn = FigureTables.of(directory)
                .draw("before\n<!-- figures: points; ratio: ours / theirs -->\nold\n<!-- end of figures -->\nafter\n");

        assertThat(drawn).isEqualTo("""
                        before
                        <!-- figures: points; ratio: ours / theirs -->

                        | ns | ours | theirs | ours / theirs |
                        | --- | --- | --- | --- |
                        | get | 13.0 | 10.0 | **1.30** (1.20 to 1.40) |
                        | put | 1,235 |  |  |

                        (part `points`, 2026-01-01, revision 1234, JDK 17, 2 processors)

                        <!-- end of figures -->
                        after
                        """);
    }

    @Test
    void aColumnWithAUnitOfItsOwnNamesIt() throws IOException {
        assertThat(FigureTables.of(directory).draw("<!-- figures: mixed -->\n<!-- end of figures -->"))
                .contains("|  | time, s | memory, MB |", "| open | 1.50 | 20.0 |");
    }

    @Test
    void drawingTwiceChangesNothingMore() throws IOException {
        FigureTables tables = FigureTables.of(directory);
        String once = tables.draw("<!-- figures: points -->\n<!-- end of figures -->\n");

        assertThat(tables.draw(once)).isEqualTo(once);
    }

    @Test
    void aTableThatNobodyHasMeasuredStaysAsItIsAndIsNamed() throws IOException {
        String document = "<!-- figures: other -->\nas it was\n<!-- end of figures -->\n";
        FigureTables tables = FigureTables.of(directory);

        assertThat(tables.draw(document)).isEqualTo(document);
        assertThat(tables.missing(document)).containsExactly("other");
    }

    @Test
    void theTablesOfTheDocumentAreThoseOfTheFiguresBesideIt() throws IOException {
        Path docs = Path.of("..", "docs");
        FigureTables tables = FigureTables.of(docs.resolve("figures"));
        String document = Files.readString(docs.resolve("performance.md"));

        assertThat(tables.missing(document)).isEmpty();
        assertThat(tables.draw(document))
                .as("run dev.heartwood.benchmarks.Suite draw")
                .isEqualTo(document);
    }
}
