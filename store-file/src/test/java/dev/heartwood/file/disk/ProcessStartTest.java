package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStartTest {
    @Test
    void aProcessOfAnyNameIsToldFromTheOneThatHadItsNumberBefore(@TempDir Path directory) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "only Linux tells when a process was started");
        for (String name : new String[] {"sleep", ") S 1 2", "$(printf '\\377')"}) {
            Process process = new ProcessBuilder(
                            "sh",
                            "-c",
                            "name=\"" + name + "\"; ln -s \"$(command -v sleep)\" \"$name\"; exec \"./$name\" 60")
                    .directory(directory.toFile())
                    .start();
            try {
                Path stat = Path.of("/proc/" + process.pid() + "/comm");
                // The shell has the number first, and another name.
                while (Files.readAllBytes(stat)[0] == 's' && !name.equals("sleep")) {
                    Thread.onSpinWait();
                }
                assertThat(ProcessStart.of(process.pid())).as(name).matches("\\d+");
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(ProcessStart.of(process.pid())).as(name).isEqualTo("unknown");
        }
    }
}
