package dev.heartwood.file.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.file.JsonFileCase;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a fault of a store; that each is found, {@code JsonFileRecoveryTest} and {@code ReadOnlyTest} show. */
class FileCheckTest extends JsonFileCase {
    private StoreContext context(Disk disk) {
        return new StoreContext(
                disk, new StoreLayout(file), CrashHarness.FORMAT, CrashHarness.settings(0), Reporter.NOBODY);
    }

    /** A commit replaces the file between any two of the calls. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void namesThatTheProgramGivesToTheFileThatItReplacesAreNoFault(int call) throws IOException {
        Path second = new StoreLayout(file).replaced().get(0);
        Files.createDirectory(second.getParent());
        Files.writeString(file, "{}");
        Files.createLink(second, file);
        int[] calls = {0};
        Disk disk = new ForwardingDisk() {
            private void called() throws IOException {
                if (calls[0]++ == call) {
                    Files.writeString(directory.resolve("next"), "{}");
                    Files.move(directory.resolve("next"), file, StandardCopyOption.ATOMIC_MOVE);
                }
            }

            @Override
            public @Nullable Attributes attributes(Path path) throws IOException {
                called();
                return super.attributes(path);
            }

            @Override
            public @Nullable Object identity(Path path) throws IOException {
                called();
                return super.identity(path);
            }
        };
        assertThatCode(() -> FileCheck.requireReplaceable(context(disk))).doesNotThrowAnyException();
        assertThat(calls[0]).isGreaterThan(call);
    }

    @Test
    void aNameThatIsTakenAwayMeanwhileIsNoFailure() throws IOException {
        Path second = new StoreLayout(file).replaced().get(0);
        Files.createDirectory(second.getParent());
        Files.writeString(file, "{}");
        Files.createLink(second, file);
        Disk disk = new ForwardingDisk() {
            @Override
            public @Nullable Object identity(Path path) throws IOException {
                if (path.equals(second)) {
                    Files.deleteIfExists(second);
                }
                return super.identity(path);
            }
        };
        assertThatCode(() -> FileCheck.requireReplaceable(context(disk))).doesNotThrowAnyException();
    }

    @Test
    void aNameThatSomebodyElseHasGivenToTheFileIsAFault() throws IOException {
        Files.writeString(file, "{}");
        Files.createLink(directory.resolve("other.json"), file);
        assertThatThrownBy(() -> FileCheck.requireReplaceable(context(new ForwardingDisk())))
                .hasMessageContaining("has 2 names");
    }

    @Test
    void theProgressOfALongReadingIsNoFaultAndEachFaultCountsOnce() {
        Set<String> faults = new LinkedHashSet<>();
        Reporter reporter = FileCheck.into(faults);
        reporter.tell(Kind.PROGRESS, "156454 of 700000 commits");
        for (int reading = 0; reading < 2; reading++) {
            reporter.tell(Kind.RECOVERED, "the last ones are lost");
            reporter.tell(Kind.EXTERNAL_EDIT, "was changed by somebody else");
        }
        assertThat(faults).containsExactly("the last ones are lost", "was changed by somebody else");
    }
}
