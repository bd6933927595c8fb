package dev.heartwood.history;

import dev.heartwood.PathPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows a {@link PathPattern} down a tree, step by step. A position is the set of the pattern's steps that may come next.
 * Immutable.
 */
final class StepMatcher {
    private static final String ONE = "*";
    private static final String MANY = "**";

    /** The tokens of the pattern; null for a wildcard. */
    private final List<@Nullable String> literals = new ArrayList<>();

    private final boolean[] many;

    StepMatcher(PathPattern pattern) {
        String text = pattern.toString();
        String[] steps = text.isEmpty() ? new String[0] : text.substring(1).split("/", -1);
        this.many = new boolean[steps.length];
        for (int i = 0; i < steps.length; i++) {
            many[i] = steps[i].equals(MANY);
            // The same escapes as in PathPattern: a star in a key is written ~2, so a star is a wildcard.
            literals.add(
                    many[i] || steps[i].equals(ONE)
                            ? null
                            : steps[i].replace("~2", "*").replace("~1", "/").replace("~0", "~"));
        }
    }

    boolean[] start() {
        boolean[] at = new boolean[many.length + 1];
        at[0] = true;
        return passed(at);
    }

    boolean[] after(boolean[] at, String token) {
        boolean[] next = new boolean[many.length + 1];
        for (int i = 0; i < many.length; i++) {
            if (at[i] && many[i]) {
                next[i] = true;
            } else if (at[i] && (literals.get(i) == null || token.equals(literals.get(i)))) {
                next[i + 1] = true;
            }
        }
        return passed(next);
    }

    private boolean[] passed(boolean[] at) {
        for (int i = 0; i < many.length; i++) {
            at[i + 1] |= at[i] && many[i];
        }
        return at;
    }

    /** Whether a place at this position matches. */
    boolean isEnd(boolean[] at) {
        return at[many.length];
    }

    /** Whether a place below this position may match. */
    boolean leadsOn(boolean[] at) {
        for (int i = 0; i < many.length; i++) {
            if (at[i]) {
                return true;
            }
        }
        return false;
    }

    /** Whether the next token matters: the pattern may have a literal step. */
    boolean isParticular(boolean[] at) {
        for (int i = 0; i < many.length; i++) {
            if (at[i] && literals.get(i) != null) {
                return true;
            }
        }
        return false;
    }
}
