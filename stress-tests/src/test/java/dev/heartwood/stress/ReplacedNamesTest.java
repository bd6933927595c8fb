package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names that a newcomer could not guess were replaced by terms of the field, and do not come back. */
class ReplacedNamesTest {
    private static final Set<String> REPLACED = Set.of(
            ("Inside Notes Footprint Contention Same Known Walk Turn Rounds Watched Sneaky Nanos Text Views Ahead"
                            + " Accepted Unpublished Publisher Leader Companions Keeper Tellers Graft Mark Opening Log"
                            + " Modes Access Patience Trouble Reasons Problems Place Surroundings RealName Reservation"
                            + " Chain Node Progress TakenBack Waiters Findings Refusals Upkeep Copies Content Speller"
                            + " Spelled Writer Nobody")
                    .split(" "));

    @Test
    void noMainTypeHasAReplacedName() throws IOException {
        assertThat(mainTypes()).hasSizeGreaterThan(150).doesNotContainAnyElementsOf(REPLACED);
    }

    private static List<String> mainTypes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(".."), 12)) {
            return files.map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> file.contains("/src/main/java/") && file.endsWith(".java"))
                    .map(file -> file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length()))
                    .toList();
        }
    }
}
