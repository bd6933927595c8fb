package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalScan;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reader of a refusal may have no compiler: each option that it advises is there as a command, too, with the file.
 */
class OpenErrorsTest {
    private static final Map<String, String> COMMANDS =
            Map.of("repair()", "repair", "takeFile()", "take-file", "takeJournal()", "take-journal");

    private final Path file = Path.of("/data/state.json").toAbsolutePath();
    private final OpenErrors errors = new OpenErrors(new StoreLayout(file));

    @Test
    void eachRefusalNamesTheCommandOfEachOptionThatItAdvises() throws Exception {
        List<String> messages = messages();
        assertThat(messages).hasSizeGreaterThanOrEqualTo(11);
        int advised = 0;
        for (String message : messages) {
            for (Map.Entry<String, String> command : COMMANDS.entrySet()) {
                if (message.contains(command.getKey())) {
                    assertThat(message).contains("heartwood " + command.getValue() + " " + file);
                    advised++;
                }
            }
        }
        assertThat(advised).isGreaterThanOrEqualTo(9);
    }

    @Test
    void eachRefusalSaysThatNothingWasChangedAndNamesAFile() throws Exception {
        for (String message : messages()) {
            assertThat(message)
                    .containsPattern("(Nothing was changed|No file was changed)")
                    .contains("state.json");
        }
    }

    /** The message of each method, with each combination of the flags that it takes. */
    private List<String> messages() throws Exception {
        List<String> messages = new ArrayList<>();
        for (Method method : OpenErrors.class.getDeclaredMethods()) {
            if (method.getReturnType() == StoreIOException.class) {
                for (int variant = 0; variant < 4; variant++) {
                    Object[] arguments = new Object[method.getParameterCount()];
                    for (int i = 0; i < arguments.length; i++) {
                        arguments[i] = argument(method.getParameterTypes()[i], variant);
                    }
                    messages.add(((StoreIOException) method.invoke(errors, arguments)).getMessage());
                }
            }
        }
        return messages.stream().distinct().toList();
    }

    private Object argument(Class<?> type, int variant) {
        if (type == JournalScan.class) {
            return new JournalScan(
                    file.resolveSibling("state.json.d").resolve("journal-1.jsonl"), 1, null, 2, 3, 4, 5, true);
        } else if (type == StoreException.class) {
            return new StoreException("line 1, column 2: unexpected");
        } else if (type == Disk.Attributes.class) {
            return new Disk.Attributes(Disk.Kind.FILE, variant % 2, 1, 0644, 0, 0);
        } else if (type == boolean.class) {
            return variant > 1;
        } else if (type == long.class) {
            return 1L;
        } else if (type == OutOfMemoryError.class) {
            return new OutOfMemoryError();
        }
        throw new AssertionError("no sample of " + type);
    }

    @Test
    void aDatabaseIsNotToBeCorrectedInAnEditor(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("state.json");
        Files.writeString(file, "SQLite format 3\0 and more");
        assertThatThrownBy(() -> JsonFile.open(file))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(
                        "it is a SQLite database, which SqliteStore opens. Nothing was changed. Open it with that")
                .message()
                .doesNotContain("editor");
    }

    @Test
    void twoChoicesThatContradictEachOtherAreRefusedAtOnce() {
        assertThatThrownBy(() -> JsonFile.options().takeFile().takeJournal())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("takeFile() and takeJournal() contradict each other: choose one of them");
        assertThatThrownBy(() -> JsonFile.options().takeJournal().takeFile())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noFileAtAllIsRefusedByTheNameOfTheParameter() {
        assertThatThrownBy(() -> JsonFile.open(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("file must not be null");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDirectoryThatCannotBeMadeIsNamedAsSuch() {
        assertThatThrownBy(() -> JsonFile.open(Path.of("/proc/x.json")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining(
                        "the directory /proc/x.json.d, in which the store keeps its journal, cannot be made");
    }
}
