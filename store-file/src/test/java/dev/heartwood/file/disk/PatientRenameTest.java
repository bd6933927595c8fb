package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Renames that fail as on Windows, tested without Windows. */
class PatientRenameTest {
    private static final Path FROM = Path.of(".state.json.heartwood-tmp");
    private static final Path TO = Path.of("state.json");

    private final List<Long> pauses = new ArrayList<>();
    private int tries;

    @Test
    void whatIsDeniedForAMomentIsTriedAgain() throws IOException {
        PatientRename.rename(FROM, TO, failing(3, new AccessDeniedException("state.json")), pauses::add);
        assertThat(tries).isEqualTo(4);
        assertThat(pauses).hasSize(3).containsOnly(PatientRename.PAUSE_MILLIS);
    }

    @Test
    void aSharingViolationIsTriedAgain() throws IOException {
        FileSystemException shared =
                new FileSystemException("state.json", null, "The process cannot access the file: it is being used");
        PatientRename.rename(FROM, TO, failing(1, shared), pauses::add);
        assertThat(tries).isEqualTo(2);
    }

    @Test
    void afterSomeSecondsItGivesUpAndSaysWhatToDo() {
        assertThatThrownBy(() -> PatientRename.rename(
                        FROM, TO, failing(Integer.MAX_VALUE, new AccessDeniedException("held")), pauses::add))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("state.json", "for 3 seconds", "Close it there", "held")
                .hasCauseInstanceOf(AccessDeniedException.class);
        assertThat(tries).isEqualTo(PatientRename.TRIES);
    }

    @Test
    void whatTimeCannotHealIsNotTriedAgain() {
        assertThatThrownBy(
                        () -> PatientRename.rename(FROM, TO, failing(1, new NoSuchFileException("gone")), pauses::add))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> PatientRename.rename(FROM, TO, failing(2, new IOException("EIO")), pauses::add))
                .hasMessage("EIO");
        assertThat(pauses).isEmpty();
    }

    private PatientRename.Move failing(int times, IOException failure) {
        int before = tries;
        return (from, to) -> {
            assertThat(from).isEqualTo(FROM);
            assertThat(to).isEqualTo(TO);
            if (tries++ - before < times) {
                throw failure;
            }
        };
    }
}
