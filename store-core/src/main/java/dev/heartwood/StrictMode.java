package dev.heartwood;

import dev.heartwood.tree.Marker;
import dev.heartwood.tree.TreeEquality;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs functions and bodies twice on the same state, and compares: {@link StoreOptions#strict}. */
final class StrictMode {
    /** Stands for a result that is no tree value, and is not compared. */
    private static final Object OTHER = new Marker("no tree value");

    private static final Dialect PLAIN = leaf -> {
        if (leaf instanceof String || leaf instanceof Number || leaf instanceof Boolean) {
            return leaf;
        }
        throw new IllegalArgumentException("opaque");
    };

    private StrictMode() {}

    /** A body that runs twice, and leaves the effects of its first run in its transaction. */
    static <R extends @Nullable Object, E extends Exception> TransactionFunction<R, E> twice(
            TransactionFunction<R, E> body) {
        return tx -> {
            Outcome first = Outcome.of(() -> body.apply(tx));
            Transaction again = tx.again();
            Outcome second;
            try {
                second = Outcome.of(() -> body.apply(again));
            } finally {
                again.end();
            }
            requireSameKind(KeyPath.root(), first, second);
            if (first.failure == null) {
                requireSameTrees(tx, again);
                requireSame("label", tx.label(), again.label());
                requireSame(
                        "number of afterCommit actions",
                        tx.afterCommit().size(),
                        again.afterCommit().size());
                requireSameResults(first.result, second.result);
            }
            return first.<R>get();
        };
    }

    /** The result of a function that runs twice, for a place. */
    static @Nullable Object twice(
            KeyPath path, UnaryOperator<@Nullable Object> step, @Nullable Object input, Dialect dialect) {
        Outcome first = Outcome.of(() -> step.apply(input));
        Outcome second = Outcome.of(() -> step.apply(input));
        requireSameKind(path, first, second);
        if (first.failure == null) {
            Object one = frozen(path, first.result, dialect);
            Object two = frozen(path, second.result, dialect);
            if (!TreeEquality.trees(one, two)) {
                throw new ImpureFunctionException(
                        path,
                        "at " + path.forPeople() + " the first run of the function gave " + TreePrinter.brief(one)
                                + ", the second " + TreePrinter.brief(two));
            }
        }
        return first.<@Nullable Object>get();
    }

    private static void requireSameKind(KeyPath path, Outcome first, Outcome second) {
        if (!Objects.equals(first.kind(), second.kind())) {
            throw new ImpureFunctionException(
                    path,
                    "at " + path.forPeople() + " the first run " + first.inWords() + ", the second "
                            + second.inWords());
        }
    }

    private static void requireSameTrees(Transaction first, Transaction second) {
        if (!TreeEquality.trees(first.tree(), second.tree())) {
            Change change = Diff.between(first.tree(), second.tree()).iterator().next();
            throw new ImpureFunctionException(
                    change.path(), "from the tree of the first run to that of the second: " + change);
        }
    }

    private static void requireSameResults(@Nullable Object first, @Nullable Object second) {
        Object one = frozen(KeyPath.root(), first, PLAIN);
        Object two = frozen(KeyPath.root(), second, PLAIN);
        if (one != OTHER && two != OTHER && !TreeEquality.trees(one, two)) {
            throw new ImpureFunctionException(
                    KeyPath.root(),
                    "the first run of the body returned " + TreePrinter.brief(one) + ", the second "
                            + TreePrinter.brief(two));
        }
    }

    private static void requireSame(String what, @Nullable Object first, @Nullable Object second) {
        if (!Objects.equals(first, second)) {
            throw new ImpureFunctionException(
                    KeyPath.root(), "the " + what + " of the first run is " + first + ", of the second " + second);
        }
    }

    /** The value in the form of a tree. If no tree can hold it, that is reported elsewhere or not at all. */
    private static @Nullable Object frozen(KeyPath path, @Nullable Object value, Dialect dialect) {
        try {
            return Freeze.value(path, value, dialect);
        } catch (RuntimeException e) {
            return OTHER;
        }
    }

    /** The outcome of a run: a result, or an exception. An error passes. */
    private record Outcome(
            @Nullable Object result, @Nullable Exception failure) {
        static Outcome of(Callable<? extends @Nullable Object> run) {
            try {
                return new Outcome(run.call(), null);
            } catch (Exception e) {
                return new Outcome(null, e);
            }
        }

        @Nullable
        Object kind() {
            return failure == null ? null : failure.getClass();
        }

        String inWords() {
            return failure == null ? "returned" : "threw " + failure;
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // it is the body's own result
        <T extends @Nullable Object> T get() {
            if (failure != null) {
                throw Exceptions.rethrow(failure);
            }
            return (T) result;
        }
    }
}
