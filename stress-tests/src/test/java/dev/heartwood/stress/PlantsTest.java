package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.OS;

/** The recorded faults of {@code verification/plants} fit the code, and in the long profile each turns its test red. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is one of bash")
class PlantsTest {
    @Test
    void eachOldTextStandsInTheCodeOnceEachTestIsThereAndTheTableIsCurrent() throws Exception {
        assertThat(plants("--check")).isZero();
    }

    @Test
    @Timeout(7_200)
    @EnabledIfSystemProperty(named = "heartwood.long", matches = "true")
    void eachRecordedFaultTurnsItsTestRed() throws Exception {
        assertThat(plants()).isZero();
    }

    private static int plants(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "verification/plants.sh"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(Path.of("..").toAbsolutePath().normalize().toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(output);
        return process.waitFor();
    }
}
