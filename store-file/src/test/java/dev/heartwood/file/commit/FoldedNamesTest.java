package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.NoLock;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file system to which {@code State.json} and {@code state.json} are one name, as on macOS and Windows: somebody
 * spells the file anew between two openings, and names that the store has made before are spelled as before.
 */
class FoldedNamesTest {
    private static final Path TOP = CrashHarness.TOP;
    private static final StoreLayout BEFORE = new StoreLayout(TOP.resolve("State.json"));
    private static final StoreLayout NOW = new StoreLayout(TOP.resolve("state.json"));

    private final List<String> told = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void aFileThatIsSpelledAnewKeepsItsCommitsAndEveryEdit(long journalAbove) throws IOException {
        MemoryDisk disk = new MemoryDisk(new FileImage(TOP, true));
        edited(disk, BEFORE, journalAbove, 1);
        edited(disk, BEFORE, journalAbove, 2);
        disk.rename(BEFORE.file(), TOP.resolve("other"));
        disk.rename(TOP.resolve("other"), NOW.file());
        edited(disk, NOW, journalAbove, 3);
        edited(disk, NOW, journalAbove, 4);
        for (int number = 1; number <= 4; number++) {
            assertThat(new String(disk.bytes(NOW.kept("external", number)), StandardCharsets.UTF_8))
                    .isEqualTo(edit(number));
        }
        try (Store store = opened(disk, NOW, journalAbove)) {
            assertThat(store.get("n")).isEqualTo(4L);
        }
        assertThat(told).noneMatch(message -> message.contains("failed") || message.contains("cannot"));
    }

    /** Commits, while somebody writes into the open file. */
    private void edited(MemoryDisk disk, StoreLayout place, long journalAbove, int number) throws IOException {
        try (Store store = opened(disk, place, journalAbove)) {
            store.put("n", -number);
            byte[] bytes = edit(number).getBytes(StandardCharsets.UTF_8);
            try (Disk.Output out = disk.open(place.file())) {
                out.truncate(0);
                out.write(bytes, bytes.length, 0);
            }
            store.put("n", number);
        }
    }

    private static String edit(int number) {
        return "{\"edit\": " + number + "}";
    }

    @Test
    void temporaryFilesOfAnOpeningThatSpelledTheFileOtherwiseAreDeleted() throws IOException {
        MemoryDisk disk = new MemoryDisk(new FileImage(TOP, true));
        disk.create(TOP.resolve(".State.json.heartwood-tmp-0123abcd"), Disk.USUAL)
                .close();
        opened(disk, NOW, 1 << 16).close();
        assertThat(disk.list(TOP)).noneMatch(name -> name.contains("heartwood-tmp"));
    }

    @Test
    void whereCaseMattersTemporaryFilesOfAnotherStoreStay() throws IOException {
        MemoryDisk disk = new MemoryDisk(TOP);
        disk.create(TOP.resolve(".State.json.heartwood-tmp-0123abcd"), Disk.USUAL)
                .close();
        disk.create(TOP.resolve("State.json.external-7"), Disk.USUAL).close();
        edited(disk, NOW, 1 << 16, 1);
        assertThat(disk.list(TOP))
                .contains(".State.json.heartwood-tmp-0123abcd", "State.json.external-7", "state.json.external-1");
    }

    private Store opened(MemoryDisk disk, StoreLayout place, long journalAbove) throws IOException {
        return Store.over(FileRoot.open(
                new StoreContext(
                        disk,
                        place,
                        CrashHarness.FORMAT,
                        CrashHarness.settings(journalAbove),
                        (kind, message, kept, cause) -> told.add(message)),
                NoLock::take));
    }
}
