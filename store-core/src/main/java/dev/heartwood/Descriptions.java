package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.OneLine;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes in words, for messages: on one line, with bounded length and work for every node. */
final class Descriptions {
    private static final int MOST_KEYS = 12;
    private static final int MOST_ENTRIES = 8;
    /** Maps up to this size show their smallest keys; larger maps show the keys that come first in the map. */
    private static final int SORTED = 64;

    private static final int LONGEST_KEY = 60;
    private static final int LONGEST_LEAF = 60;
    /** Longer numbers are not spelled: to spell one takes the square of its length. */
    private static final int LONGEST_NUMBER_BITS = 1_000;

    private Descriptions() {}

    /** A node as a noun: {@code 0, a number}, {@code a list of 3}, {@code a map with a, b and 7 more keys}. */
    static String of(@Nullable Object node) {
        if (node instanceof Vector<?> list) {
            return "a list of " + list.size();
        } else if (node instanceof HashMap) {
            return map(Nodes.map(node));
        }
        boolean plain = node == null || node == MISSING;
        return plain ? Nodes.kind(node) : leaf(node) + ", " + Nodes.kind(node);
    }

    private static String map(HashMap<String, @Nullable Object> map) {
        if (map.isEmpty()) {
            return "an empty map";
        }
        List<String> keys = first(map, MOST_KEYS).stream()
                .map(entry -> OneLine.of(cut(entry._1, LONGEST_KEY)))
                .collect(Collectors.toList());
        int more = map.size() - keys.size();
        return "a map with " + String.join(", ", keys) + (more > 0 ? " and " + more + " more keys" : "");
    }

    /** The first entries of a map and how many there are more: {@code {"a": 1, "b": {3 keys}, and 9 more keys}}. */
    static String contents(HashMap<String, @Nullable Object> map) {
        List<String> entries = first(map, MOST_ENTRIES).stream()
                .map(entry -> TreePrinter.brief(cut(entry._1, LONGEST_KEY)) + ": " + value(entry._2))
                .collect(Collectors.toList());
        int more = map.size() - entries.size();
        if (more > 0) {
            entries.add("and " + more + " more keys");
        }
        return "{" + String.join(", ", entries) + "}";
    }

    private static String value(@Nullable Object node) {
        if (node instanceof HashMap<?, ?> map) {
            return map.isEmpty() ? "{}" : map.size() == 1 ? "{1 key}" : "{" + map.size() + " keys}";
        } else if (node instanceof Vector<?> list) {
            return list.isEmpty() ? "[]" : list.size() == 1 ? "[1 element]" : "[" + list.size() + " elements]";
        }
        return leaf(node);
    }

    private static String leaf(@Nullable Object leaf) {
        if (leaf instanceof String string) {
            return TreePrinter.brief(cut(string, LONGEST_LEAF));
        } else if (leaf instanceof BigInteger number && number.bitLength() > LONGEST_NUMBER_BITS) {
            return "a whole number of " + number.bitLength() + " bits";
        } else if (leaf instanceof BigDecimal number && number.unscaledValue().bitLength() > LONGEST_NUMBER_BITS) {
            return "a decimal of " + number.unscaledValue().bitLength() + " bits";
        }
        return OneLine.of(cut(String.valueOf(leaf), LONGEST_LEAF));
    }

    private static List<Tuple2<String, @Nullable Object>> first(HashMap<String, @Nullable Object> map, int most) {
        List<Tuple2<String, @Nullable Object>> entries = new ArrayList<>();
        boolean all = map.size() <= SORTED;
        for (Tuple2<String, @Nullable Object> entry : map) {
            if (!all && entries.size() == most) {
                break;
            }
            entries.add(entry);
        }
        entries.sort(Comparator.comparing(Tuple2::_1));
        return entries.subList(0, Math.min(most, entries.size()));
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + '…';
    }
}
