package dev.heartwood.tree;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map that lie in no part that {@link FrozenBlocks} vouches for. Where Vavr's tries cannot be looked
 * into, all entries.
 */
public final class UntrustedEntries implements Iterator<@Nullable Object[]> {
    private final Object dialect;
    private final Iterator<? extends Tuple2<?, ?>> all;
    /** Nodes of the trie that are still to be visited; the next one on top. */
    private final Deque<Object> open = new ArrayDeque<>();

    private @Nullable Object leaf;
    private int trustedHeight;

    /** The entries of a map that is to be frozen in a dialect. */
    public UntrustedEntries(HashMap<?, ?> map, Object dialect) {
        this.dialect = dialect;
        this.all = TrieAccess.isOpen() ? HashMap.<Object, Object>empty().iterator() : map.iterator();
        if (TrieAccess.isOpen()) {
            open.push(TrieAccess.trie(map));
            advance();
        }
    }

    /** How many containers are nested, at most, in an entry that was passed over. */
    public int trustedHeight() {
        return trustedHeight;
    }

    @Override
    public boolean hasNext() {
        return leaf != null || all.hasNext();
    }

    /** The key, the value, and null. */
    @Override
    public @Nullable Object[] next() {
        Object entry = leaf;
        if (entry != null) {
            leaf = TrieAccess.tail(entry);
            if (leaf == null) {
                advance();
            }
            return new Object[] {TrieAccess.key(entry), TrieAccess.value(entry), null};
        }
        if (!all.hasNext()) {
            throw new NoSuchElementException();
        }
        Tuple2<?, ?> next = all.next();
        return new Object[] {next._1, next._2, null};
    }

    private void advance() {
        while (!open.isEmpty()) {
            Object node = open.pop();
            Object[] children = TrieAccess.children(node);
            if (children == null) {
                if (!TrieAccess.isEmpty(node)) {
                    leaf = node;
                    return;
                }
                continue;
            }
            int height = FrozenBlocks.height(node, dialect);
            trustedHeight = Math.max(trustedHeight, height);
            if (height < 0) {
                for (int i = children.length - 1; i >= 0; i--) {
                    open.push(children[i]);
                }
            }
        }
    }
}
