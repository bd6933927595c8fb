package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.testkit.ChangedCore.Change;
import io.vavr.collection.HashMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests of the checker of histories: a part of the store is left out, by a change to its source text, and the checker finds
 * an answer that nothing explains. A change whose text is no longer in the source fails the test, too.
 */
@Timeout(300)
class HistoryFaultsTest {
    private static final int MOST_SEEDS = 300;
    private static final int SOUND_SEEDS = 5;
    /** A program that was not woken shows by this. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    /** A part of the store, and the change that leaves it out. */
    enum Fault {
        A_GUARD_IS_NOT_ASKED_AGAIN_AFTER_A_REBASE(
                InMemoryRootTest.class,
                new Change(
                        "Guard",
                        "&& !guard.isConcerned(check.tree, after.tree())",
                        "",
                        "&& check.reads.same(check.tree, after.tree())",
                        "")),
        THE_READS_OF_THE_FIRST_ALTERNATIVE_ARE_DROPPED(
                InMemoryRootTest.class,
                new Change(
                        "Transaction",
                        "private boolean retried;",
                        "private boolean retried; private boolean inFirst;",
                        "notes.read(path, path.size(), how);\n        return tree;",
                        "if (!inFirst) { notes.read(path, path.size(), how); }\n        return tree;",
                        "R result = first.apply(this);",
                        "inFirst = true; R result; try { result = first.apply(this); } finally { inFirst = false; }")),
        A_RETRY_IS_NOT_SETTLED(
                SlowRootTest.class,
                true,
                new Change(
                        "BlockingBatch",
                        "void gaveUp(Transaction tx) {",
                        "void gaveUp(Transaction tx) { UNSETTLED.set(true);",
                        "Waiter register(Root root) {",
                        "static final ThreadLocal<Boolean> UNSETTLED = ThreadLocal.withInitial(() -> false);"
                                + " Waiter register(Root root) {"),
                new Change(
                        "CommitLoop",
                        "return root.confirm(base, newest);",
                        "if (BlockingBatch.UNSETTLED.get()) { BlockingBatch.UNSETTLED.set(false); return base; }"
                                + " return root.confirm(base, newest);"),
                new Change("Waiter", "root.visible().tree()", "root.head().tree()")),
        A_RETRY_SLEEPS_WITHOUT_A_LOOK(
                InMemoryRootTest.class, new Change("Waiter", "if (!reads.same(", "if (waiter.rung && !reads.same(")),
        AN_ANSWER_WITHOUT_A_COMMIT_IS_NOT_SETTLED(
                SlowRootTest.class, new Change("CommitLoop", "return root.confirm(base, newest);", "return base;")),
        WHAT_WAS_READ_IS_NOT_VALIDATED(
                InMemoryRootTest.class, new Change("Batch", "if (!rebase.holds()) {", "if (runs < 0) {")),
        A_COMMUTED_FUNCTION_IS_APPLIED_TO_WHAT_THE_BODY_SAW(
                InMemoryRootTest.class,
                new Change("Transaction", "if (readWriteSet().overlapsWrites(path)) {", "if (path.size() > 0) {"),
                new Change("Batch", "if (!rebase.holds()) {", "if (runs < 0) {"));

        private final Class<? extends RootContract> root;
        private final boolean endsWithARollback;

        @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable one
        private final List<Change> changes;

        Fault(Class<? extends RootContract> root, Change... changes) {
            this(root, false, changes);
        }

        Fault(Class<? extends RootContract> root, boolean endsWithARollback, Change... changes) {
            this.root = root;
            this.endsWithARollback = endsWithARollback;
            this.changes = List.of(changes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCheckerFinds(Fault fault) throws Exception {
        try (ChangedCore code = ChangedCore.compile(directory, fault.changes)) {
            String found = "";
            int seed = 0;
            while (found.isEmpty() && seed < MOST_SEEDS) {
                found = code.fault(fault.root.getName(), fault.endsWithARollback, ++seed);
            }
            assertThat(found).as("%s", fault).isNotEmpty();
            System.out.println(fault + ", race " + seed + ": " + found);
        }
    }

    @Test
    void theStorageStallsAndRollsBackDuringARace() throws Exception {
        CountsItsHolds counts = new CountsItsHolds();
        for (int seed = 1; seed <= SOUND_SEEDS; seed++) {
            assertThat(HistoryRace.run(counts, seed, PATIENCE)).isEmpty();
        }
        assertThat(counts.released).isPositive();
        assertThat(counts.takenBack).isPositive();
    }

    private static final class CountsItsHolds implements RootFixture {
        private final SlowRootTest slow = new SlowRootTest();
        private int released;
        private int takenBack;

        @Override
        public Root create(Map<String, ?> tree) {
            return slow.create(tree);
        }

        @Override
        public boolean rollsBackUnnoticed() {
            return slow.rollsBackUnnoticed();
        }

        @Override
        public Optional<Hold> hold(Root root) {
            Hold hold = slow.hold(root).orElseThrow();
            return Optional.of(new Hold() {
                @Override
                public void release() {
                    released++;
                    hold.release();
                }

                @Override
                public boolean takeBack() {
                    takenBack++;
                    return hold.takeBack();
                }
            });
        }
    }

    /** Its commits are refused where they should be; what it answers without a commit is outdated. */
    @Test
    void theCheckerFindsASecondStoreThatDoesNotLook() throws Exception {
        String found = "";
        for (int seed = 1; found.isEmpty() && seed <= 6 * SOUND_SEEDS; seed++) {
            found = HistoryRace.run(new SecondDoesNotLook(), seed, PATIENCE).orElse("");
        }
        assertThat(found).isNotEmpty();
    }

    private static final class SecondDoesNotLook implements RootFixture {
        @Override
        public Root create(Map<String, ?> tree) {
            return new SharedRoot(new SharedStorage(HashMap.ofAll(tree)));
        }

        @Override
        public Optional<Root> join(Root root) {
            return Optional.of(new DoesNotLook(new SharedRoot(((SharedRoot) root).storage())));
        }
    }

    private record DoesNotLook(SharedRoot root) implements Root {
        @Override
        public Timeline timeline() {
            return root.timeline();
        }

        @Override
        public Snapshot head() {
            return root.timeline().newest();
        }

        @Override
        public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
            if (root.compareAndSet(before, after, edits)) {
                return true;
            }
            Snapshot ignored = root.visible();
            return false;
        }

        @Override
        public boolean settle(Snapshot state) {
            return root.settle(state);
        }

        @Override
        public void flush() {
            root.flush();
        }

        @Override
        public void close() {
            root.close();
        }
    }

    @Test
    void aChangeThatChangesNothingHasAnExplanation() throws Exception {
        try (ChangedCore code = ChangedCore.compile(
                directory, List.of(new Change("Waiter", "private volatile boolean rung;", "volatile boolean rung;")))) {
            for (int seed = 1; seed <= SOUND_SEEDS; seed++) {
                assertThat(code.fault(SlowRootTest.class.getName(), false, seed))
                        .isEmpty();
                assertThat(code.fault(SlowRootTest.class.getName(), true, seed)).isEmpty();
                assertThat(code.fault(InMemoryRootTest.class.getName(), false, seed))
                        .isEmpty();
            }
        }
    }

    /** Called in the class loader of the changed classes. */
    static String race(String rootTest, boolean endsWithARollback, long seed) throws Exception {
        RootFixture fixture = Class.forName(rootTest)
                .asSubclass(RootFixture.class)
                .getDeclaredConstructor()
                .newInstance();
        return (endsWithARollback
                        ? HistoryRace.endingWithARollback(fixture, seed, PATIENCE)
                        : HistoryRace.run(fixture, seed, PATIENCE))
                .orElse("");
    }
}
