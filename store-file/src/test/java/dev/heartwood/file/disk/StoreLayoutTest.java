package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of a store's files: which are its own, and which are somebody else's. */
class StoreLayoutTest {
    private static final StoreLayout PLACE = new StoreLayout(Path.of("/data/state.json"));

    private static List<Path> temporary(StoreLayout opening) {
        return List.of(
                opening.next(), opening.nextAgain(), opening.nextInside(), opening.rights(), opening.rightsOfCopy(3));
    }

    @Test
    void onlyTheTemporaryFilesOfAnOpeningAreItsOwn() {
        StoreLayout opening = PLACE.of("0123abcd");
        assertThat(temporary(opening)).allMatch(opening::isTemporary);
        assertThat(temporary(PLACE.of("0123abce"))).noneMatch(opening::isTemporary);
        assertThat(List.of(opening.file(), opening.journal(1), opening.holder(), opening.durable()))
                .noneMatch(opening::isTemporary);
    }

    @Test
    void whatASweepLeavesIsNoRemainOfAWrite(@TempDir Path directory) throws IOException {
        RealDisk disk = new RealDisk();
        StoreLayout opening = new StoreLayout(directory.toRealPath().resolve("state.json")).of("0123abcd");
        opening.prepare(disk);
        List<Path> remains = List.of(opening.next(), opening.nextAgain(), opening.nextInside(), opening.rights());
        for (Path remain : remains) {
            Files.writeString(remain, "half");
        }
        Files.writeString(opening.journal(1), "whole");
        opening.sweep(disk);
        assertThat(remains).noneMatch(Files::exists);
        assertThat(opening.journal(1)).exists();
    }

    /** Anybody may give a file beside the store such a name. */
    @Test
    void aNumberThatTheStoreNeverGivesIsNone() {
        assertThat(PLACE.keptNumber("external", "state.json.external-12")).isEqualTo(12);
        for (String number : List.of("0", "01", "-1", "", "1x", "9999999999", "99999999999999999999")) {
            assertThat(PLACE.keptNumber("external", "state.json.external-" + number))
                    .as(number)
                    .isEqualTo(-1);
        }
        assertThat(PLACE.keptNumber("external", "state.json.corrupt-1")).isEqualTo(-1);
        assertThat(PLACE.keptNumber("external", "other.json.external-1")).isEqualTo(-1);
        String tooLarge = "9".repeat(19);
        assertThat(StoreLayout.journalNumber("journal-" + tooLarge + ".jsonl")).isEqualTo(-1);
        assertThat(StoreLayout.generationNumber("generation-" + tooLarge + ".json"))
                .isEqualTo(-1);
        assertThat(StoreLayout.tornNumber("torn-" + tooLarge)).isEqualTo(-1);
        assertThat(StoreLayout.tornNumber("torn-7.bak")).isEqualTo(-1);
    }
}
