package dev.heartwood.json;

import dev.heartwood.Dialect;
import dev.heartwood.tree.FrozenRegistry;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The format of trees in the JSON file: that of {@link Json#pretty}, up to 2 GB. */
final class PrettyFormat implements TreeFormat {
    private final JsonOptions options;
    private final JsonOptions lines;

    PrettyFormat(JsonOptions chosen) {
        this.options = chosen.ofOurs();
        this.lines = options.within(Limits.ENVELOPE);
    }

    @Override
    public Dialect dialect() {
        return options.dialect();
    }

    @Override
    public void pretty(HashMap<String, @Nullable Object> tree, OutputStream out) throws IOException {
        write(tree, out, true);
    }

    @Override
    public void write(@Nullable Object value, OutputStream out) throws IOException {
        write(value, out, false);
    }

    @Override
    public void prettyChild(@Nullable String key, @Nullable Object value, int depth, OutputStream out)
            throws IOException {
        writer(out, true).writeChild(key, value, depth);
    }

    @Override
    public long size(HashMap<String, @Nullable Object> tree) {
        return WrittenSize.ofDocument(tree, WrittenSize.UNBOUNDED);
    }

    @Override
    public long childSize(@Nullable String key, @Nullable Object value, int depth, long steps) {
        return WrittenSize.ofChild(key, value, depth, WrittenSize.UNBOUNDED, steps);
    }

    @Override
    public long stringSize(String text) {
        return WrittenSize.quoted(text);
    }

    @Override
    public long longest() {
        return options.limits().document();
    }

    @Override
    public int mostOnALine() {
        return TreeWriter.MOST_ON_A_LINE;
    }

    private void write(@Nullable Object value, OutputStream out, boolean pretty) throws IOException {
        writer(out, pretty).write(value);
    }

    private TreeWriter writer(OutputStream out, boolean pretty) {
        // A store holds a tree already: nothing to freeze.
        Utf8Output utf8 = new Utf8Output(out, options.limits().document());
        return new TreeWriter(utf8, options.limits(), options.leaves(), pretty);
    }

    @Override
    public HashMap<String, @Nullable Object> read(byte[] utf8) {
        return vouched(options.read(utf8));
    }

    @Override
    public HashMap<String, @Nullable Object> read(ArrivingText text) {
        return vouched(new DocumentReader(text).map(options));
    }

    private HashMap<String, @Nullable Object> vouched(HashMap<String, @Nullable Object> tree) {
        // The reader marks the tree as checked for the dialect of memory; this format has the dialect of the file.
        int height = FrozenRegistry.height(tree, Dialect.ANYTHING);
        if (height >= 0) {
            FrozenRegistry.remember(tree, height, dialect());
        }
        return tree;
    }

    @Override
    public @Nullable Object readValue(String text) {
        return lines.readValue(text);
    }
}
