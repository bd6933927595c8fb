package dev.heartwood.json;

import dev.heartwood.tree.Numbers;
import dev.heartwood.tree.TreeComparison;
import org.jspecify.annotations.Nullable;

/** Equality as the {@code test} of RFC 6902 has it: of trees, but numbers are equal that are so in value, 1 and 1.0. */
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
