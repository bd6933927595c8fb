package dev.heartwood.json;

import dev.heartwood.tree.Numbers;
import dev.heartwood.tree.TreeComparison;
import org.jspecify.annotations.Nullable;

/** The equality of {@code test} in RFC 6902: that of trees, but numbers of equal value are equal, such as 1 and 1.0. */
final class ValueEquality {
    private ValueEquality() {}

    static boolean trees(@Nullable Object a, @Nullable Object b) {
        return new TreeComparison(ValueEquality::leaves).same(a, b);
    }

    private static boolean leaves(Object a, Object b) {
        return a.equals(b)
                || (a instanceof Number x
                        && b instanceof Number y
                        && Numbers.decimal(x).compareTo(Numbers.decimal(y)) == 0);
    }
}
