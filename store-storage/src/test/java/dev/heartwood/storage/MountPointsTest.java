package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are mounted alone are found, whatever they are called. */
@EnabledOnOs(OS.LINUX)
class MountPointsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "caf\u00e9",
                "two words",
                "a\tb",
                "a\\040b",
                "\u6728",
                "100%",
                "a#b",
                "a\nb",
                "ends in a hash#"
            })
    void theKernelsSpellingOfANameIsUnderstood(String name) {
        Path file = Path.of("/data").resolve(name);
        assertThat(MountPoints.include(List.of(line("/data/other"), line(file.toString())), file))
                .isTrue();
        assertThat(MountPoints.include(List.of(line(file + "x"), line("/data")), file))
                .isFalse();
    }

    @Test
    void aBackslashThatEscapesNothingStandsForItself() {
        assertThat(MountPoints.unescaped("a\\9b\\04")).isEqualTo("a\\9b\\04");
        assertThat(MountPoints.unescaped("\\134040")).isEqualTo("\\040");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "caf\u00e9", "two words\t\\ #%41"})
    void aFileThatIsMountedAloneIsFound(String name, @TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.toRealPath().resolve(name));
        Path source = Files.createFile(directory.resolve("source"));
        assertThat(MountPoints.include(file)).isFalse();
        boolean mounted = run("mount", "--bind", source.toString(), file.toString());
        if (!mounted) {
            System.out.println("SKIPPED, and so not tested here: files can be mounted by root alone");
        }
        assumeTrue(mounted, "files can be mounted by root alone");
        try {
            assertThat(MountPoints.include(file)).isTrue();
            assertThat(MountPoints.include(source)).isFalse();
        } finally {
            assertThat(run("umount", file.toString())).isTrue();
        }
    }

    /** As the kernel writes it, read a byte a char. */
    private static String line(String path) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean escape = b == ' ' || b == '\t' || b == '\n' || b == '\\' || b == '#';
            escaped.append(escape ? String.format("\\%03o", b) : String.valueOf((char) (b & 0xff)));
        }
        return "36 35 98:0 /mnt1 " + escaped + " rw,noatime master:1 - ext3 /dev/root rw,errors=continue";
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
