package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class TreePrinterTest {
    private static final HashMap<String, ?> TREE = HashMap.of(
            "B",
            Vector.of(1L, "two", null, Vector.empty()),
            "a",
            HashMap.of("z", true, "y", HashMap.empty(), "x\n", 1.5));

    private final StringWriter text = new StringWriter();
    private boolean whole;

    @Test
    void aTreeIsPrintedAsIndentedJsonWithSortedKeys() {
        assertThat(printed(TREE, Integer.MAX_VALUE)).isEqualTo("""
                {
                  "B": [
                    1,
                    "two",
                    null,
                    []
                  ],
                  "a": {
                    "x\\n": 1.5,
                    "y": {},
                    "z": true
                  }
                }
                """);
        assertThat(whole).isTrue();
    }

    @Test
    void aTreeOfAsManyLinesAsAreAllowedIsWholeAndOneOfMoreIsNot() {
        String all = printed(TREE, Integer.MAX_VALUE);
        assertThat(printed(TREE, 9)).isEqualTo(all);
        assertThat(whole).isTrue();

        assertThat(printed(TREE, 8)).isEqualTo("""
                {
                  "B": [
                    1,
                    "two",
                    null,
                    []
                  ],
                  "a": {
                    "x\\n": 1.5,
                    "y": {}
                    …
                  }
                }
                """);
        assertThat(whole).isFalse();
    }

    @Test
    void whatIsBehindTheLastLineIsLeftOutAtEachLevel() {
        assertThat(printed(TREE, 2)).isEqualTo("""
                {
                  "B": [
                    1
                    …
                  ]
                  …
                }
                """);
        assertThat(whole).isFalse();
    }

    @Test
    void aLongStringIsCutUnlessAllIsWanted() {
        String longest = "x".repeat(200);
        assertThat(printed(longest, 40)).isEqualTo("\"" + longest + "\"\n");
        assertThat(whole).isTrue();
        assertThat(printed(longest + "y", 40)).isEqualTo("\"" + longest + "\"… (201 characters)\n");
        assertThat(whole).isFalse();
        assertThat(printed(longest + "y", Integer.MAX_VALUE)).isEqualTo("\"" + longest + "y\"\n");
        assertThat(whole).isTrue();
    }

    @Test
    void keysStringsAndOtherValuesHaveColoursOfTheirOwn() {
        whole = new TreePrinter(new PrintWriter(text), Ansi.ON, 40).print(HashMap.of("a", Vector.of("s", 1L)));

        assertThat(text)
                .hasToString(
                        "{\n  \u001b[36m\"a\"\u001b[0m: [\n    \u001b[32m\"s\"\u001b[0m,\n    \u001b[33m1\u001b[0m\n  ]\n}\n"
                                .replace("\n", System.lineSeparator()));
    }

    private String printed(Object value, int lines) {
        text.getBuffer().setLength(0);
        whole = new TreePrinter(new PrintWriter(text), Ansi.OFF, lines).print(value);
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
