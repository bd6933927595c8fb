package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One commit's questions to the guards of its store. A guard is asked when the commit changes its place; and again, after
 * a lost race, only if the place or anything else that it looked at is another then. So it has held for exactly the tree
 * that the compare-and-set publishes, and a slow guard is not asked again because somebody has committed elsewhere.
 */
final class GuardChecks {
    private final List<Guard> guards;
    private final @Nullable Check[] checks;

    GuardChecks(List<Guard> guards) {
        this.guards = guards;
        this.checks = new Check[guards.size()];
    }

    /** A tree for which a guard has held, and what of it the guard looked at. */
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
