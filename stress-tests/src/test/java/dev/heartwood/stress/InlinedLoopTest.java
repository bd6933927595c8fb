package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The loop that every commit runs through is small enough for HotSpot to inline it where it is hot. */
class InlinedLoopTest {
    /** HotSpot's {@code FreqInlineSize}, in bytes of bytecode. */
    private static final int MOST = 325;

    private static final Pattern INSTRUCTION = Pattern.compile("(?m)^ +(\\d+): ");

    @Test
    void theLoopOfCommitsIsSmallEnoughToBeInlined() {
        assertThat(bytes("dev.heartwood.CommitLoop", "boolean commit(")).isBetween(100, MOST);
    }

    /** The offset of the last instruction of a method, which is a return or a throw of one byte, and that byte. */
    private static int bytes(String type, String method) {
        StringWriter said = new StringWriter();
        int status = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "-c",
                        "-p",
                        "-cp",
                        System.getProperty("java.class.path"),
                        type);
        assertThat(status).as(said.toString()).isZero();
        String code = said.toString();
        int start = code.indexOf(method);
        assertThat(start).as(code).isPositive();
        int end = code.indexOf("\n\n", start);
        String body = code.substring(start, end < 0 ? code.length() : end).split("Exception table", 2)[0];
        List<MatchResult> instructions = INSTRUCTION.matcher(body).results().toList();
        return Integer.parseInt(instructions.get(instructions.size() - 1).group(1)) + 1;
    }
}
