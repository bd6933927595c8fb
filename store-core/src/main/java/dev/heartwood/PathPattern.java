package dev.heartwood;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A set of places, written as a path with wildcards: {@code /users/*}{@code /status}, {@code /log/**}.
 *
 * <ul>
 *   <li>{@code *} stands for exactly one step: any key of a map, any index of a list.
 *   <li>{@code **} stands for any number of steps, also for none.
 *   <li>Any other step stands for itself. As in a JSON Pointer (RFC 6901) {@code ~1} is a {@code /} and {@code ~0} is a
 *       {@code ~}; besides, {@code ~2} is a {@code *}.
 * </ul>
 *
 * <p>Immutable. Build a pattern once and keep it where it is used often.
 */
public final class PathPattern {
    private static final String ONE = "*";
    private static final String MANY = "**";

    /** The steps; where {@link #kinds} says that a step is no literal, its token is the wildcard as it is written. */
    private final String[] tokens;

    private final Kind[] kinds;

    private enum Kind {
        LITERAL,
        ONE_STEP,
        ANY_STEPS
    }

    private PathPattern(String[] tokens, Kind[] kinds) {
        this.tokens = tokens;
        this.kinds = kinds;
    }

    /**
     * The pattern of a text. The empty string matches only the root.
     *
     * @throws IllegalArgumentException if it does not start with {@code /}, if a {@code ~} is followed by neither 0, 1 nor
     *     2, or if a {@code *} is only a part of a step
     */
    public static PathPattern parse(String text) {
        if (Objects.requireNonNull(text, "text must not be null").isEmpty()) {
            return of(KeyPath.root());
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException(
                    "a pattern starts with '/': \"" + text + "\" (did you mean PathPattern.of(KeyPath.of(...))?)");
        }
        String[] tokens = text.substring(1).split("/", -1);
        Kind[] kinds = new Kind[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            kinds[i] = kind(tokens[i], text);
            if (kinds[i] == Kind.LITERAL) {
                tokens[i] = unescape(tokens[i], text);
            }
        }
        return new PathPattern(tokens, kinds);
    }

    /** The pattern that matches one place: each step of the path is literal, stars included. */
    public static PathPattern of(KeyPath path) {
        String[] tokens =
                Objects.requireNonNull(path, "path must not be null").tokens().toArray(new String[0]);
        Kind[] kinds = new Kind[tokens.length];
        Arrays.fill(kinds, Kind.LITERAL);
        return new PathPattern(tokens, kinds);
    }

    /** The part of this set below a place, with paths relative to that place. */
    PathPattern below(KeyPath place) {
        PathPattern prefix = of(place);
        String[] tokens = Arrays.copyOf(prefix.tokens, prefix.tokens.length + this.tokens.length);
        Kind[] kinds = Arrays.copyOf(prefix.kinds, tokens.length);
        System.arraycopy(this.tokens, 0, tokens, prefix.tokens.length, this.tokens.length);
        System.arraycopy(this.kinds, 0, kinds, prefix.kinds.length, this.kinds.length);
        return new PathPattern(tokens, kinds);
    }

    /** Whether the place belongs to the set. */
    public boolean matches(KeyPath path) {
        Objects.requireNonNull(path, "path must not be null");
        boolean[] at = start();
        for (int i = 0; i < path.size(); i++) {
            at = after(at, path.token(i));
        }
        return at[tokens.length];
    }

    private static Kind kind(String written, String text) {
        if (written.equals(ONE)) {
            return Kind.ONE_STEP;
        }
        if (written.equals(MANY)) {
            return Kind.ANY_STEPS;
        }
        if (written.indexOf('*') >= 0) {
            throw new IllegalArgumentException("a '*' stands for a whole step, and is a part of one in \"" + text
                    + "\": write ~2 for a star that belongs to a key");
        }
        return Kind.LITERAL;
    }

    private static String unescape(String written, String text) {
        int tilde = written.indexOf('~');
        if (tilde < 0) {
            return written;
        }
        StringBuilder token = new StringBuilder(written.length()).append(written, 0, tilde);
        for (int i = tilde; i < written.length(); i++) {
            char c = written.charAt(i);
            token.append(c == '~' ? escaped(written, ++i, text) : c);
        }
        return token.toString();
    }

    private static char escaped(String written, int at, String text) {
        int which = at < written.length() ? "012".indexOf(written.charAt(at)) : -1;
        if (which < 0) {
            throw new IllegalArgumentException(
                    "a '~' in a pattern is followed by 0 (for ~), 1 (for /) or 2 (for *): \"" + text + "\"");
        }
        return "~/*".charAt(which);
    }

    // ---- following a pattern down a tree. Positions: the possible numbers of pattern steps that are already matched.

    /** The positions at the root of a tree. */
    boolean[] start() {
        boolean[] at = new boolean[tokens.length + 1];
        at[0] = true;
        return passed(at);
    }

    /** The positions after one more step. */
    boolean[] after(boolean[] at, String token) {
        boolean[] next = new boolean[tokens.length + 1];
        for (int i = 0; i < tokens.length; i++) {
            if (at[i] && kinds[i] == Kind.ANY_STEPS) {
                next[i] = true;
            } else if (at[i] && (kinds[i] == Kind.ONE_STEP || tokens[i].equals(token))) {
                next[i + 1] = true;
            }
        }
        return passed(next);
    }

    /** {@code **} may stand for no step at all. */
    private boolean[] passed(boolean[] at) {
        for (int i = 0; i < tokens.length; i++) {
            at[i + 1] |= at[i] && kinds[i] == Kind.ANY_STEPS;
        }
        return at;
    }

    /** Whether a place at these positions belongs to the set. */
    boolean isEnd(boolean[] at) {
        return at[tokens.length];
    }

    /** Whether a place at these positions, and each below it, belongs to the set. */
    boolean isAllBelow(boolean[] at) {
        return tokens.length > 0 && at[tokens.length - 1] && kinds[tokens.length - 1] == Kind.ANY_STEPS;
    }

    /** Whether any place below these positions may belong to the set. */
    boolean leadsOn(boolean[] at) {
        for (int i = 0; i < tokens.length; i++) {
            if (at[i]) {
                return true;
            }
        }
        return false;
    }

    /** The single step that continues from these positions; null if there are several, or none. */
    @Nullable
    String onlyStep(boolean[] at) {
        String only = null;
        for (int i = 0; i < tokens.length; i++) {
            if (at[i] && (kinds[i] != Kind.LITERAL || (only != null && !only.equals(tokens[i])))) {
                return null;
            }
            only = at[i] ? tokens[i] : only;
        }
        return only;
    }

    /** The number of steps before the first {@code **}. */
    int fixedSize() {
        int size = 0;
        while (size < tokens.length && kinds[size] != Kind.ANY_STEPS) {
            size++;
        }
        return size;
    }

    /** The token of a literal step; null for {@code *}. Only for steps before the first {@code **}. */
    @Nullable
    String fixedStep(int index) {
        return kinds[index] == Kind.LITERAL ? tokens[index] : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPattern pattern
                && Arrays.equals(tokens, pattern.tokens)
                && Arrays.equals(kinds, pattern.kinds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(tokens);
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.length; i++) {
            String token = tokens[i];
            text.append('/');
            text.append(
                    kinds[i] == Kind.LITERAL
                            ? token.replace("~", "~0").replace("/", "~1").replace("*", "~2")
                            : token);
        }
        return text.toString();
    }
}
