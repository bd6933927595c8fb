package dev.heartwood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * In a terminal the tool uses colours and asks for confirmation; in a pipe it does neither. The terminal is a tmux
 * session.
 */
@Timeout(120)
class TerminalTest {
    private static final String COLOUR = "\u001b[3";

    @TempDir
    Path directory;

    private Tool tool;
    private int terminals;

    @BeforeEach
    void tool() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tmux")));
        if (!there) {
            System.out.println("SKIPPED: tmux is not installed, so the tool was not tried in a terminal");
        }
        assumeThat(there).as("tmux is installed").isTrue();
        tool = new Tool(directory);
        tool.run("set", "--create", "state.json", "/name", "\"Ada\"").ended(ExitCode.OK);
    }

    @AfterEach
    void end() throws Exception {
        if (tool != null) {
            tmux("kill-server");
        }
    }

    @Test
    void aTreeIsColouredInATerminalAndNotInAPipe() throws Exception {
        assertThat(tool.run("show", "state.json").ended(ExitCode.OK)).doesNotContain("\u001b");
        type("heartwood show state.json; echo 'it is done'");
        String screen = awaitScreen("it is done");
        assertThat(screen).contains(COLOUR + "6m\"name\"", COLOUR + "2m\"Ada\"");
    }

    @Test
    void aCommandThatDestroysAsksInATerminal() throws Exception {
        tool.run("backup", "state.json", "copy.json").ended(ExitCode.OK);
        tool.run("set", "state.json", "/name", "\"Bob\"").ended(ExitCode.OK);
        for (List<String> no : List.of(List.of("n", "Enter"), List.of("Enter"))) {
            type("heartwood restore copy.json state.json; echo \"exit code $?\"");
            awaitScreen("Go on? [y/N]");
            List<String> keys = new ArrayList<>(List.of("send-keys", "-t", "tool"));
            keys.addAll(no);
            tmux(keys.toArray(String[]::new));
            assertThat(awaitScreen("exit code")).contains("exit code 2");
        }
        assertThat(tool.run("get", "state.json", "/name").ended(ExitCode.OK)).isEqualTo("\"Bob\"\n");
        type("heartwood restore copy.json state.json; echo \"exit code $?\"");
        awaitScreen("Go on? [y/N]");
        tmux("send-keys", "-t", "tool", "y", "Enter");
        awaitScreen("exit code 0");
        assertThat(tool.run("get", "state.json", "/name").ended(ExitCode.OK)).isEqualTo("\"Ada\"\n");
    }

    @Test
    void anInputThatEndsAtTheQuestionIsNoYes() throws Exception {
        tool.run("backup", "state.json", "copy.json").ended(ExitCode.OK);
        tool.run("set", "state.json", "/name", "\"Bob\"").ended(ExitCode.OK);
        type("heartwood restore copy.json state.json; echo \"exit code $?\"");
        awaitScreen("Go on? [y/N]");
        tmux("send-keys", "-t", "tool", "C-d");
        awaitScreen("exit code 2");
        assertThat(tool.run("get", "state.json", "/name").ended(ExitCode.OK)).isEqualTo("\"Bob\"\n");
    }

    /** Types a line into a shell that knows the tool. */
    private void type(String line) throws Exception {
        Path script = Files.writeString(directory.resolve("run.sh"), tool.shellFunction() + line + "\nsleep 100\n");
        tmux("kill-server");
        terminals++; // a name of its own: the server that was told to end may still listen at the other one
        tmux("new-session", "-d", "-s", "tool", "-x", "150", "-y", "40", "/bin/sh " + script);
    }

    private String awaitScreen(String text) throws Exception {
        for (; ; ) {
            String screen = tmux("capture-pane", "-e", "-p", "-t", "tool");
            if (screen.contains(text)) {
                return screen;
            }
            Thread.sleep(50);
        }
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "tmux",
                "-f",
                "/dev/null",
                "-S",
                directory.resolve("tmux-" + terminals).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
