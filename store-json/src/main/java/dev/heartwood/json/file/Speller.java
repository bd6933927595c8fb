package dev.heartwood.json.file;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Spells small trees, one after another, as {@link TreeFormat#pretty} does. Where the top level has the keys that it had,
 * only the entries whose value is another one are spelled, and the rest is copied: sorting and spelling a thousand
 * entries would take about as long as the sync.
 */
final class Speller {
    /** Up to so many entries all are spelled; and of more, one in so many may have changed. */
    private static final int FEW = 32;
    /** A comma and a line feed. */
    private static final int BETWEEN = 2;
    /** A brace and a line feed. */
    private static final int OPENING = 2;
    /** A line feed, a brace, and a line feed. */
    private static final int CLOSING = 3;

    private final TreeFormat format;
    private final long limit;
    private byte[] text = new byte[0];
    /** The entries in the order in which the map gave them: the same keys come in the same order, as a rule. */
    private String[] keys = new String[0];

    private @Nullable Object[] values = new Object[0];
    /** The place of each of them in the text, and where the places start; empty until they are needed. */
    private int[] places = new int[0];

    private int[] starts = new int[0];

    /** Spells trees of up to so many bytes. */
    Speller(TreeFormat format, long limit) {
        this.format = format;
        this.limit = limit;
    }

    /**
     * The tree for people; nobody changes the bytes.
     *
     * @throws SmallBuffer.FullException if it is longer than the limit
     */
    byte[] spell(HashMap<String, @Nullable Object> tree) throws IOException {
        int[] changed = keys.length > FEW && tree.size() == keys.length ? changed(tree) : null;
        try {
            if (changed == null) {
                SmallBuffer small = new SmallBuffer(limit, text.length);
                format.pretty(tree, small);
                remember(tree, small.toByteArray());
            } else if (changed.length > 0) {
                index();
                respell(changed);
            }
            return text;
        } catch (IOException | RuntimeException | Error e) {
            // The values are the new ones already, and the text is not.
            keys = new String[0];
            throw e;
        }
    }

    /** Takes the new values; the indexes of those that are others. Null if there are other keys, or too many changes. */
    private int @Nullable [] changed(HashMap<String, @Nullable Object> tree) {
        int[] changed = new int[keys.length / FEW];
        int count = 0;
        int i = 0;
        for (Tuple2<String, @Nullable Object> entry : tree) {
            if (keys[i] != entry._1) {
                return null;
            }
            if (values[i] != entry._2) {
                if (count == changed.length) {
                    return null;
                }
                changed[count++] = i;
                values[i] = entry._2;
            }
            i++;
        }
        return Arrays.copyOf(changed, count);
    }

    private void remember(HashMap<String, @Nullable Object> tree, byte[] spelled) {
        text = spelled;
        places = new int[0];
        starts = new int[0];
        if (keys.length != tree.size()) {
            keys = new String[tree.size()];
            values = new Object[tree.size()];
        }
        int i = 0;
        for (Tuple2<String, @Nullable Object> entry : tree) {
            keys[i] = entry._1;
            values[i++] = entry._2;
        }
    }

    /** Finds where the entries of the last text are, once the same keys have come again. */
    private void index() {
        if (places.length == keys.length) {
            return;
        }
        Integer[] order = new Integer[keys.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(i -> keys[i]));
        places = new int[keys.length];
        for (int place = 0; place < order.length; place++) {
            places[order[place]] = place;
        }
        starts = starts();
    }

    /** An entry of the top level starts a line, behind two spaces; its value may have lines of its own, further in. */
    private int[] starts() {
        int[] found = new int[keys.length + 1];
        int count = 0;
        for (int i = 0; i < text.length - 3; i++) {
            if (text[i] == '\n' && text[i + 1] == ' ' && text[i + 2] == ' ' && text[i + 3] == '"') {
                found[count++] = i + 1;
            }
        }
        if (count != keys.length) {
            throw new AssertionError("found " + count + " entries in the text of " + keys.length);
        }
        // As if another one came after the last: between two entries there are a comma and a line feed.
        found[count] = text.length - 1;
        return found;
    }

    private void respell(int[] changed) throws IOException {
        int[] inText = Arrays.stream(changed)
                .boxed()
                .sorted(Comparator.comparingInt(i -> places[i]))
                .mapToInt(i -> i)
                .toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + FEW);
        int[] moved = starts.clone();
        int copied = 0;
        int next = 0;
        for (int i : inText) {
            int place = places[i];
            for (; next <= place; next++) {
                moved[next] = starts[next] + out.size() - copied;
            }
            out.write(text, copied, starts[place] - copied);
            out.writeBytes(entry(keys[i], values[i]));
            copied = starts[place + 1] - BETWEEN;
        }
        for (; next < moved.length; next++) {
            moved[next] = starts[next] + out.size() - copied;
        }
        out.write(text, copied, text.length - copied);
        if (out.size() > limit) {
            throw new SmallBuffer.FullException();
        }
        text = out.toByteArray();
        starts = moved;
    }

    /** An entry as it stands in a larger tree, from its indentation to the end of its value. */
    private byte[] entry(String key, @Nullable Object value) throws IOException {
        ByteArrayOutputStream alone = new ByteArrayOutputStream();
        format.pretty(HashMap.of(key, value), alone);
        return Arrays.copyOfRange(alone.toByteArray(), OPENING, alone.size() - CLOSING);
    }
}
