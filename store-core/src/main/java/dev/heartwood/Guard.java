package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.OneLine;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a tree, and the place whose changes ask for it.
 *
 * @param name for people
 * @param path the place
 * @param holds asked with the whole tree
 */
record Guard(String name, KeyPath path, Predicate<? super TreeView> holds) {
    private static final int MOST_CHANGES = 8;
    private static final int MOST_CHARACTERS = 400;
    /** The text that a validator throws is the reason of a refusal: more of it is shown than of a value. */
    private static final int LONGEST_REASON = 500;

    Guard {
        Objects.requireNonNull(name, "name must not be null");
        Objects.requireNonNull(path, "path must not be null");
        Objects.requireNonNull(holds, "holds must not be null");
        if (name.isBlank()) {
            throw new IllegalArgumentException("expected the name of a guard, not a blank text: its refusals show it");
        }
    }

    /** Whether the place is another one in the second tree. */
    boolean isConcerned(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        return !TreeEquality.atAGlance(PathCopy.look(before, path), PathCopy.look(after, path));
    }

    /**
     * Refuses a commit that leads from one state to another, unless the guard holds in the latter.
     *
     * @param view the latter, as the guard is to see it
     */
    void require(Snapshot before, Snapshot after, TreeView view) {
        Exception[] thrown = new Exception[1];
        if (!holds(view, thrown)) {
            String tried = difference(before, after);
            throw refusal(
                    tried, " refuses the commit: it does not hold with " + tried, thrown[0], "Nothing is changed");
        }
    }

    /** Refuses a state to start with, unless the guard holds in it. */
    void require(Snapshot first) {
        Exception[] thrown = new Exception[1];
        if (!holds(first, thrown)) {
            String found = words(first);
            throw refusal(
                    found,
                    " does not hold for the tree that the store would start with: " + path.forPeople() + " is " + found,
                    thrown[0],
                    "Nothing is changed; correct the tree, or open it without the guard");
        }
    }

    /** The answer of the guard; if it throws, the answer is no, with the exception. */
    private boolean holds(TreeView view, @Nullable Exception[] thrown) {
        try {
            return holds.test(view);
        } catch (Exception e) {
            // An Error comes out unchanged: a stack that is exhausted says nothing of the tree.
            thrown[0] = e;
            return false;
        }
    }

    private GuardException refusal(String tried, String what, @Nullable Exception thrown, String advice) {
        String cause = thrown == null
                ? ". "
                : " (the guard threw " + OneLine.of(TreePrinter.cut(thrown.toString(), LONGEST_REASON)) + "). ";
        return new GuardException(this, tried, "the guard " + TreePrinter.brief(name) + what + cause + advice, thrown);
    }

    /**
     * The changes at and below the place, each with its path; of many the first few. The work is that of a {@link Diff}
     * of the place, and not of the rest of the tree.
     */
    private String difference(Snapshot before, Snapshot after) {
        List<Change> changes = new Differ().differ(alone(before), alone(after));
        StringBuilder words = new StringBuilder();
        int told = 0;
        while (told < changes.size() && told < MOST_CHANGES && words.length() < MOST_CHARACTERS) {
            words.append(told == 0 ? "" : ", ").append(words(changes.get(told++)));
        }
        int more = changes.size() - told;
        return words + (more > 0 ? " and " + more + (more == 1 ? " more change" : " more changes") : "");
    }

    /** A tree that has the place at a key of its top level, and nothing else. */
    private HashMap<String, @Nullable Object> alone(Snapshot state) {
        Object node = PathCopy.look(state.tree(), path);
        return node == MISSING ? HashMap.empty() : HashMap.of("", node);
    }

    /** One change; its path begins with the key of {@link #alone}. */
    private String words(Change change) {
        List<String> tokens = change.path().tokens();
        KeyPath place =
                path.resolve(KeyPath.ofTokens(tokens.subList(1, tokens.size()).toArray(new String[0])));
        String step;
        if (change instanceof Change.Added added) {
            step = "nothing -> " + TreePrinter.brief(added.value());
        } else if (change instanceof Change.Removed removed) {
            step = TreePrinter.brief(removed.value()) + " -> nothing";
        } else {
            Change.Replaced replaced = (Change.Replaced) change;
            step = TreePrinter.brief(replaced.before()) + " -> " + TreePrinter.brief(replaced.after());
        }
        return place.forPeople() + ": " + step;
    }

    private String words(Snapshot state) {
        Object node = PathCopy.look(state.tree(), path);
        return node == MISSING ? "nothing" : TreePrinter.brief(node);
    }

    /**
     * One commit's questions to the guards of its store. A guard is asked when the commit changes its place; and again,
     * after a lost race, only if the place or anything else that it looked at is another then. So it has held for
     * exactly the tree that the compare-and-set publishes, and a slow guard is not asked again because somebody has
     * committed elsewhere.
     */
    static final class Checks {
        private final List<Guard> guards;
        private final @Nullable Check[] checks;

        Checks(List<Guard> guards) {
            this.guards = guards;
            this.checks = new Check[guards.size()];
        }

        /** A tree for which a guard has held, and the reads of the guard. */
        private record Check(HashMap<String, @Nullable Object> tree, ReadSet reads) {}

        /**
         * Refuses a commit that breaks a guard.
         *
         * @param before the state that it builds on
         * @param after the one that it is about to publish
         * @throws GuardException if a guard does not hold in it
         */
        void require(Snapshot before, Snapshot after) {
            for (int i = 0; i < checks.length; i++) {
                Guard guard = guards.get(i);
                if (guard.isConcerned(before.tree(), after.tree()) && !stands(guard, checks[i], after)) {
                    checks[i] = null;
                    TrackedView view = new TrackedView(after);
                    guard.require(before, after, view);
                    checks[i] = new Check(after.tree(), view.finish());
                }
            }
        }

        private static boolean stands(Guard guard, @Nullable Check check, Snapshot after) {
            return check != null
                    && !guard.isConcerned(check.tree, after.tree())
                    && check.reads.same(check.tree, after.tree());
        }
    }
}
