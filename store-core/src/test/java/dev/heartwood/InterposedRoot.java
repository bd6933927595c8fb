package dev.heartwood;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tree in memory, with something that happens just before a commit or an answer: a rival, at the worst moment. */
final class InterposedRoot implements Root {
    private final Root memory;
    private Runnable beforeCommit = () -> {};
    private EditListener onEdits = (before, after, edits) -> {};
    private BooleanSupplier onAnswer = () -> true;
    private Runnable beforeTokenQuestion = () -> {};
    private Runnable afterTokenQuestion = () -> {};
    private @Nullable Runnable beforeQuestion;

    InterposedRoot(java.util.Map<String, ?> tree) {
        memory = Root.inMemory(tree);
    }

    /** Runs the action once, just before the next commit is tried. */
    void beforeNextCommit(Runnable action) {
        beforeCommit = () -> {
            beforeCommit = () -> {};
            action.run();
        };
    }

    /** Hands over the edits of each commit that is tried. */
    void onEdits(EditListener listener) {
        onEdits = listener;
    }

    /** Asks once, just before the next answer is released, whether its state stays. */
    void onNextAnswer(BooleanSupplier stays) {
        onAnswer = () -> {
            onAnswer = () -> true;
            return stays.getAsBoolean();
        };
    }

    /** Runs the action once, just before the next question whether a token is reached. */
    void beforeNextTokenQuestion(Runnable action) {
        beforeTokenQuestion = () -> {
            beforeTokenQuestion = () -> {};
            action.run();
        };
    }

    /** Runs the action once, between the next answer to the question whether a token is reached and its use. */
    void afterNextTokenQuestion(Runnable action) {
        afterTokenQuestion = () -> {
            afterTokenQuestion = () -> {};
            action.run();
        };
    }

    /** Runs the action before each answer to the question for the newest state, which is not asked otherwise. */
    void beforeEachQuestion(Runnable action) {
        beforeQuestion = action;
    }

    @Override
    public boolean hasReached(Token token) {
        beforeTokenQuestion.run();
        boolean reached = memory.hasReached(token);
        afterTokenQuestion.run();
        return reached;
    }

    @Override
    public Timeline timeline() {
        return memory.timeline();
    }

    @Override
    public Snapshot head() {
        return memory.head();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        beforeCommit.run();
        onEdits.tried(before, after, edits);
        return memory.compareAndSet(before, after, edits);
    }

    @Override
    public boolean settle(Snapshot state) {
        return onAnswer.getAsBoolean() && memory.settle(state);
    }

    /** As of a root that asks its storage: it asks once in a call, and then only for a state that is older than the answer. */
    @Override
    public @Nullable Snapshot confirm(Snapshot state, @Nullable Snapshot newest) {
        Runnable question = beforeQuestion;
        if (!settle(state)) {
            return null;
        } else if (question == null || (newest != null && state.version() >= newest.version())) {
            return state;
        }
        question.run();
        return memory.head();
    }

    @Override
    public void flush() {
        memory.flush();
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Told of the commits that are tried. */
    interface EditListener {
        void tried(Snapshot before, Snapshot after, Supplier<List<Edit>> edits);
    }
}
