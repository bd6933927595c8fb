package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.OneLine;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree: a sequence of tokens from the root.
 *
 * <p>The container at a place decides the meaning of the next token. In a map it is a key. In a list it is an index:
 * decimal digits without sign or leading zeros; {@code -} is the place after the last element, for {@code put} and
 * {@code insert} only. So {@code of(0)}, {@code of("0")} and {@code parse("/0")} are equal.
 *
 * <p>Immutable. Build a path once and keep it where it is used often.
 */
public final class KeyPath implements Serializable {
    private static final long serialVersionUID = 1L;
    /**
     * The maximum length of a pointer in a message, in characters: the reason follows the pointer, and must stay
     * visible.
     */
    private static final int LONG = 300;

    private static final int HEAD = 80;
    private static final KeyPath ROOT = new KeyPath(new String[0]);

    private final transient String[] tokens;
    private transient int hash;

    private KeyPath(String[] tokens) {
        this.tokens = tokens;
    }

    /** The path of the tree itself. */
    public static KeyPath root() {
        return ROOT;
    }

    /**
     * The path with these steps.
     *
     * @param steps each a {@code String}, which is one key and never split, or an {@code Integer}, {@code Long},
     *     {@code Short} or {@code Byte} from 0 to {@link Integer#MAX_VALUE}, which is an index in a list, and the
     *     key of its digits in a map
     * @throws IllegalArgumentException if a step is anything else, null, or a number outside of that range
     */
    public static KeyPath of(Object... steps) {
        return of(Arrays.asList(Objects.requireNonNull(steps, "steps must not be null")));
    }

    /**
     * The path with these steps, like {@link #of(Object...)}.
     *
     * @throws IllegalArgumentException if a step is neither a {@code String} nor a list index
     */
    public static KeyPath of(List<?> steps) {
        String[] tokens = new String
                [Objects.requireNonNull(steps, "steps must not be null").size()];
        int i = 0;
        for (Object step : steps) {
            tokens[i] = token(step, i);
            i++;
        }
        return ofTokens(tokens);
    }

    /**
     * The path of a JSON Pointer (RFC 6901): {@code /users/0/name}, with {@code ~1} for {@code /} and {@code ~0} for
     * {@code ~} inside a token. The empty string is the root.
     *
     * @throws IllegalArgumentException if it does not start with {@code /}, or a {@code ~} is followed by neither 0 nor
     *     1
     */
    public static KeyPath parse(String pointer) {
        if (Objects.requireNonNull(pointer, "pointer must not be null").isEmpty()) {
            return ROOT;
        }
        if (pointer.charAt(0) != '/') {
            throw new IllegalArgumentException(
                    "a JSON Pointer starts with '/': \"" + pointer + "\" (did you mean KeyPath.of(...)?)");
        }
        String[] tokens = pointer.substring(1).split("/", -1);
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = unescape(tokens[i], pointer);
        }
        return new KeyPath(tokens);
    }

    /** The path of the child under a key or an index; the steps are those of {@link #of(Object...)}. */
    public KeyPath child(Object step) {
        return child(token(step, tokens.length));
    }

    KeyPath child(String token) {
        String[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = token;
        return new KeyPath(longer);
    }

    /** This path, followed by another. */
    public KeyPath resolve(KeyPath path) {
        if (Objects.requireNonNull(path, "path must not be null").isRoot()) {
            return this;
        }
        String[] longer = Arrays.copyOf(tokens, tokens.length + path.tokens.length);
        System.arraycopy(path.tokens, 0, longer, tokens.length, path.tokens.length);
        return ofTokens(longer);
    }

    /** The path without its last step, or null at the root. */
    public @Nullable KeyPath parent() {
        return isRoot() ? null : prefix(tokens.length - 1);
    }

    /** The last token, or null at the root. */
    public @Nullable String last() {
        return isRoot() ? null : tokens[tokens.length - 1];
    }

    /** Whether this path is {@code prefix} or is below it. */
    public boolean startsWith(KeyPath prefix) {
        return tokens.length >= Objects.requireNonNull(prefix, "prefix must not be null").tokens.length
                && Arrays.equals(tokens, 0, prefix.tokens.length, prefix.tokens, 0, prefix.tokens.length);
    }

    /** The number of steps of the path: 0 for the root. */
    public int size() {
        return tokens.length;
    }

    /** The tokens, from the root on. */
    public List<String> tokens() {
        return List.of(tokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof KeyPath path && Arrays.equals(tokens, path.tokens));
    }

    @Override
    public int hashCode() {
        // Racy single-check: threads may compute it twice, and all arrive at one value.
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(tokens);
            hash = h;
        }
        return h;
    }

    /** The path as a JSON Pointer (RFC 6901): {@code parse(toString())} is equal to this. */
    @Override
    public String toString() {
        StringBuilder pointer = new StringBuilder();
        for (String token : tokens) {
            pointer.append('/').append(escape(token));
        }
        return pointer.toString();
    }

    static KeyPath ofTokens(String... tokens) {
        for (String token : tokens) {
            Objects.requireNonNull(token, "key must not be null");
        }
        return tokens.length == 0 ? ROOT : new KeyPath(tokens);
    }

    boolean isRoot() {
        return tokens.length == 0;
    }

    String token(int i) {
        return tokens[i];
    }

    KeyPath prefix(int size) {
        return size == tokens.length ? this : ofTokens(Arrays.copyOf(tokens, size));
    }

    boolean endsWithDash() {
        return tokens.length > 0 && tokens[tokens.length - 1].equals(Nodes.DASH);
    }

    /** The path as Java code: {@code "name"}, or {@code KeyPath.of("users", 0)}. */
    String asCode() {
        if (isRoot()) {
            return "KeyPath.root()";
        }
        StringBuilder code = new StringBuilder();
        for (String token : tokens) {
            if (code.length() > LONG) {
                return "KeyPath.of(" + code + ", …)";
            }
            code.append(code.length() == 0 ? "" : ", ")
                    .append(Nodes.index(token) >= 0 ? token : TreePrinter.brief(token));
        }
        return tokens.length == 1 && Nodes.index(tokens[0]) < 0 ? code.toString() : "KeyPath.of(" + code + ")";
    }

    /** The whole path on one line: like {@link #toString}, but with line breaks and control characters escaped. */
    String onOneLine() {
        return OneLine.of(toString());
    }

    /**
     * The path for messages, on one line: an empty pointer would be overlooked, one of a megabyte would hide the rest,
     * and a key with a line break would look like another message.
     */
    String forPeople() {
        if (isRoot()) {
            return "the root";
        }
        StringBuilder pointer = new StringBuilder();
        for (String token : tokens) {
            if (pointer.length() + token.length() >= LONG) {
                return OneLine.of(head()) + "… (" + String.format(Locale.ROOT, "%,d", tokens.length)
                        + (tokens.length == 1 ? " step)" : " steps)");
            }
            pointer.append('/').append(escape(token));
        }
        return OneLine.of(pointer.toString());
    }

    /** The beginning of a long pointer; does not read the rest. */
    private String head() {
        StringBuilder head = new StringBuilder();
        for (int i = 0; i < tokens.length && head.length() < HEAD; i++) {
            head.append('/').append(escape(tokens[i].substring(0, Math.min(tokens[i].length(), HEAD))));
        }
        head.setLength(Math.min(head.length(), HEAD));
        return head.toString();
    }

    private static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }

    /** The form of a path in a stream: a string, which nobody can change, and which is parsed like any other. */
    private record Pointer(String pointer) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws InvalidObjectException {
            try {
                return parse(pointer);
            } catch (IllegalArgumentException | NullPointerException e) {
                throw (InvalidObjectException) new InvalidObjectException("no path: " + e.getMessage()).initCause(e);
            }
        }
    }

    private Object writeReplace() {
        return new Pointer(toString());
    }

    /**
     * Refused: a stream could keep a reference to the tokens that it contains, and change the path later; or contain
     * null for a key.
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a path comes as its JSON Pointer");
    }

    private static String token(@Nullable Object step, int position) {
        if (step instanceof String key) {
            return key;
        }
        if (step instanceof Integer index && index >= 0) {
            return index.toString();
        }
        if (step instanceof Long || step instanceof Short || step instanceof Byte) {
            long index = ((Number) step).longValue();
            if (index >= 0 && index <= Integer.MAX_VALUE) {
                return Long.toString(index);
            }
        }
        throw notAStep(step, position);
    }

    private static IllegalArgumentException notAStep(@Nullable Object step, int position) {
        boolean whole =
                step instanceof Integer || step instanceof Long || step instanceof Short || step instanceof Byte;
        return new IllegalArgumentException("step " + position + " of a path must be a String (a key) or a whole number"
                + " from 0 to " + Integer.MAX_VALUE + " (a list index), but is "
                + (whole || step == null ? step : "a " + step.getClass().getName()));
    }

    private static String unescape(String token, String pointer) {
        int tilde = token.indexOf('~');
        if (tilde < 0) {
            return token;
        }
        StringBuilder plain = new StringBuilder(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c == '~') {
                i++;
                char escaped = i < token.length() ? token.charAt(i) : ' ';
                if (escaped != '0' && escaped != '1') {
                    throw new IllegalArgumentException(
                            "in the JSON Pointer \"" + pointer + "\" a '~' must be followed by 0 or 1");
                }
                c = escaped == '0' ? '~' : '/';
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
