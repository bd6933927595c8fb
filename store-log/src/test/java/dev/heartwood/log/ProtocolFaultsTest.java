package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests of the simulation: each part of the protocol is left out once, by a change to its source text, and the
 * simulation finds that something breaks. A change whose text is no longer in the source fails the test, too.
 */
@Timeout(600)
class ProtocolFaultsTest {
    private static final int MOST_SEEDS = Integer.getInteger("planted.seeds", 12_000);
    private static final int SOUND_SEEDS = 20;

    @TempDir
    Path directory;

    /** A part of the protocol, and the change that leaves it out. */
    enum Fault {
        APPEND_COMPARES_THE_NUMBER_ALONE(
                Sources.TEST, "SimulatedLog", "if (!last.equals(on)) {", "if (last.number() != on.number()) {"),
        THE_END_IS_FORGOTTEN_BY_A_TRIM(
                Sources.TEST,
                "SimulatedLog",
                "if (!last.equals(on)) {",
                "if (entries.containsKey(next.at().number())) {"),
        THE_ENTRY_BEFORE_IS_NOT_COMPARED(
                Sources.MAIN, "Replica", "if (!text.on().equals(position.id())) {", "if (text.on().isEmpty()) {"),
        A_RETRY_HAS_A_NEW_ID(
                Sources.MAIN,
                "CommitAppender",
                "inDoubt = true;",
                "inDoubt = true; own = new OwnEntry(nextPosition(on), group); entry = new Entry(own.at(), text);"),
        ABSENCE_ENDS_A_DOUBT(
                Sources.MAIN, "CommitAppender", "inDoubt = true;", "inDoubt = !requests.ask(log::last).equals(on);"),
        LOST_IS_NEVER_MINE(
                Sources.MAIN,
                "Replica",
                "if (own != null && at.equals(own.at())) {",
                "if (own != null && at.equals(own.at()) && at.number() < 0) {"),
        A_LOST_APPEND_IS_REFUSED_BEFORE_ITS_RIVALS_ARE_READ(
                Sources.MAIN, "CommitAppender", "inDoubt = true;\n                    if (outcome", "if (outcome"),
        A_CHECKPOINT_OF_ANOTHER_PAST_IS_TAKEN(
                Sources.MAIN,
                "Replica",
                "hasLostOwn || hasLostShown || ",
                "hasLostOwn || ",
                "newest.version() < shown.version() || isOther",
                "newest.version() < 0"),
        THE_CHECKPOINT_DOES_NOT_KNOW_THE_WRITERS(
                Sources.MAIN, "Replica", "found = newest.writers().holds(own.at());", "found = Boolean.FALSE;"),
        A_LATER_REFUSAL_ENDS_A_DOUBT(
                Sources.MAIN,
                "CommitAppender",
                "giveUp(group, failure(own, inDoubt, e.getMessage(), e));",
                "giveUp(group, failure(own, e instanceof InDoubt, e.getMessage(), e));"),
        THE_ID_OF_AN_ABANDONED_ENTRY_IS_USED_AGAIN(
                Sources.MAIN,
                "CommitAppender",
                "count++;",
                "count = count == 0 || replica.position().isOf(writer) ? count + 1 : count;"),
        WAKE_UPS_ARE_TRUSTED(Sources.MAIN, "LogRoot", "if (askSoon || now - polledAt >= poll) {", "if (askSoon) {"),
        A_DEAF_CONNECTION_IS_KEPT(Sources.MAIN, "LogRoot", "listening.kick();", "failing = false;"),
        KNOWN_AFTER_THE_QUESTION(
                Sources.MAIN,
                "LogRoot",
                "replica.requireFollows(last, known);",
                "replica.requireFollows(last, replica.position());"),
        ANSWERS_WITHOUT_A_COMMIT_ASK_NOBODY(
                Sources.MAIN,
                "LogRoot",
                "if (newest != null && state.version() >= newest.version()) {",
                "if (newest == null || state.version() >= newest.version()) {"),
        PARTS_OF_TWO_WRITERS_SHARE_A_NAME(
                Sources.MAIN,
                "StagedText",
                "return prefix(kind, at.number()) + \"/\" + at.id();",
                "return prefix(kind, at.number()) + \"/shared\";"),
        PARTS_ARE_NEVER_DELETED(
                Sources.MAIN,
                "Checkpointer",
                "StagedText.deleteBelow(log, StagedText.ENTRIES, below);",
                "failing = false;"),
        THE_POINTER_GOES_BEFORE_THE_PARTS(
                Sources.MAIN,
                "Checkpointer",
                "StagedText.put(requests.partWriter(log), log.largestValue(), StagedText.CHECKPOINTS, at, stored);",
                "failing = false;",
                "trim(at.number(), kept);",
                "StagedText.put(requests.partWriter(log), log.largestValue(), StagedText.CHECKPOINTS, at, StagedText.bytes(checkpoint.text()) > options.compressCheckpointsAbove() ? CompressedText.compress(checkpoint.text()) : checkpoint.text()); trim(at.number(), kept);"),
        THE_TRIM_GOES_BEFORE_THE_POINTER(
                Sources.MAIN, "Checkpointer", "if (isInLog(at) && ", "trim(at.number(), kept);\n if (isInLog(at) && "),
        A_REPLICA_OF_ANOTHER_PAST_WRITES_A_CHECKPOINT(
                Sources.MAIN,
                "Checkpointer",
                "if (isInLog(at) && ",
                "if (at.number() > 0 && ",
                "if (!isInLog(at)) {",
                "if (at.number() < 0) {"),
        CHECKPOINTS_ARE_ANNOUNCED_TO_NOBODY(
                Sources.MAIN,
                "Checkpointer",
                "isDue(at, last.newest(), writer)",
                "isDue(at, last.at().number(), writer)"),
        THE_POINTER_IS_SET_WITHOUT_A_COMPARISON(
                Sources.TEST, "SimulatedLog", "boolean is = Objects.equals(checkpoint, before);", "boolean is = true;"),
        TRIMMED_LOOKS_EMPTY(
                Sources.TEST,
                "SimulatedLog",
                "last, entries.tailMap(from).values().stream().limit(PAGE).toList());",
                "entries.containsKey(from) ? last : chain.get((int) Math.min(from, chain.size()) - 1),"
                        + " entries.containsKey(from) ? entries.tailMap(from).values().stream().limit(PAGE).toList()"
                        + " : List.of());"),
        A_GAP_IS_NO_TRIM(
                Sources.MAIN,
                "Replica",
                "EntryText text = entry.at().number() == position.number() + 1 ? text(entry) : null;",
                "EntryText text = text(entry);"),
        A_TABLE_THAT_FORGETS_SAYS_NO(
                Sources.MAIN,
                "WriterTable",
                "return entry.number() >= completeFrom ? Boolean.FALSE : null;",
                "return Boolean.FALSE;");

        private final Path folder;
        private final String type;

        @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable one
        private final List<String> changes;

        Fault(Path folder, String type, String... changes) {
            this.folder = folder;
            this.type = type;
            this.changes = List.of(changes);
        }
    }

    private static final class Sources {
        static final Path MAIN = Path.of("src", "main", "java");
        static final Path TEST = Path.of("src", "test", "java");
    }

    @ParameterizedTest
    @EnumSource
    void theSimulationFinds(Fault fault) throws IOException {
        try (ChangedCode code = ChangedCode.compile(directory, fault.folder, fault.type, fault.changes)) {
            OptionalLong found = code.firstFailure(MOST_SEEDS);
            assertThat(found).as("the seed that shows %s", fault).isPresent();
            System.out.println(fault + ": seed " + found.getAsLong());
        }
    }

    @Test
    void aChangeThatChangesNothingIsSound() throws IOException {
        try (ChangedCode code = ChangedCode.compile(
                directory,
                Sources.MAIN,
                "Replica",
                List.of("private volatile Position position;", "volatile Position position;"))) {
            assertThat(code.firstFailure(SOUND_SEEDS)).isEmpty();
        }
    }
}
