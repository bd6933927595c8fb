package dev.heartwood.json;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.Change;
import dev.heartwood.KeyPath;
import dev.heartwood.Transaction;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.PatchOperation.Kind;
import dev.heartwood.tree.ListRuns;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.OpenList;
import dev.heartwood.tree.Steps;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a patch at and below one list, applied in one pass. A run ends before an operation that does not
 * apply, or that reads another place: that operation is then applied by itself, and its exception names the problem.
 */
final class PatchRun {
    private final Vector<PatchOperation> operations;
    private final ListRuns lists = new ListRuns();
    /** The end of a run that is not to be applied in one pass. */
    private int oneByOne;

    PatchRun(Vector<PatchOperation> operations) {
        this.operations = operations;
        for (PatchOperation operation : operations) {
            if (operation.kind() == Kind.ADD || operation.kind() == Kind.REMOVE) {
                lists.count(operation.path().tokens());
            }
        }
    }

    /** Applies the run that begins with an operation, where there is one, and returns the next operation's index. */
    int apply(int from, Transaction tx) {
        if (from < oneByOne) {
            return from;
        }
        List<String> place = operations.get(from).path().tokens();
        for (int size = lists.listAbove(place, 1); size >= 0; size = lists.listAbove(place, size + 1)) {
            KeyPath list = KeyPath.of(place.subList(0, size));
            // Checked first: if digits are keys of a map, there is no run, and its end need not be searched for each
            // operation.
            if (tx.getOrDefault(list, null) instanceof Vector<?> found) {
                int end = end(from, place, size);
                if (end - from >= ListRuns.FEWEST) {
                    return onlyAppends(from, end, size, found.size())
                            ? oneByOne(from, end)
                            : apply(from, end, list, tx);
                }
            }
        }
        return from;
    }

    private int oneByOne(int from, int end) {
        oneByOne = end;
        return from;
    }

    /** Whether the run only appends to the list: that is cheap, and roots receive it as an append. */
    private boolean onlyAppends(int from, int end, int size, int length) {
        int next = length;
        for (int i = from; i < end; i++) {
            PatchOperation operation = operations.get(i);
            List<String> place = operation.path().tokens();
            boolean appends = operation.kind() == Kind.ADD
                    && place.size() == size + 1
                    && (Nodes.index(place.get(size)) == next || place.get(size).equals(Nodes.DASH));
            next++;
            if (!appends) {
                return false;
            }
        }
        return true;
    }

    private int end(int from, List<String> place, int size) {
        int end = from;
        while (end < operations.size() && staysBelow(operations.get(end), place, size)) {
            Steps.count();
            end++;
        }
        return end;
    }

    private static boolean staysBelow(PatchOperation operation, List<String> place, int size) {
        KeyPath source = operation.from();
        return operation.kind() != Kind.COPY
                && ListRuns.isBelow(operation.path().tokens(), place, size)
                && (source == null || ListRuns.isBelow(source.tokens(), place, size));
    }

    private int apply(int from, int end, KeyPath list, Transaction tx) {
        int[] next = new int[] {from};
        try {
            tx.update(list, found -> {
                OpenList open = new OpenList(Nodes.list(Objects.requireNonNull(found)), list.size());
                int i = from;
                while (i < end && apply(operations.get(i), open)) {
                    i++;
                }
                next[0] = i;
                return i == from ? found : open.close();
            });
            return next[0];
        } catch (UnsupportedValueException e) {
            return oneByOne(from, end); // nothing is changed; applying the operations one by one finds the failing one
        }
    }

    /** Whether the operation could be applied; else nothing is changed. */
    private static boolean apply(PatchOperation operation, OpenList open) {
        List<String> place = operation.path().tokens();
        Change.Container container = operation.container();
        if (container != null && operation.mayBeIndex() && !open.isIn(place, container == Change.Container.LIST)) {
            return false;
        }
        return switch (operation.kind()) {
            case ADD -> add(place, operation.value(), open);
            case REMOVE -> open.remove(place);
            case REPLACE -> open.look(place) != MISSING && open.put(place, operation.value());
            case TEST -> {
                Object found = open.look(place);
                yield found != MISSING && ValueEquality.trees(found, operation.value());
            }
            case COPY -> false; // copied values count against limits
            case MOVE -> move(operation, open);
        };
    }

    private static boolean add(List<String> place, @Nullable Object value, OpenList open) {
        return open.isIn(place, true) ? open.insert(place, value) : open.put(place, value);
    }

    private static boolean move(PatchOperation operation, OpenList open) {
        KeyPath source = Objects.requireNonNull(operation.from());
        Object moved = open.look(source.tokens());
        if (moved != MISSING && operation.path().equals(source)) {
            return true;
        }
        if (moved == MISSING || operation.path().startsWith(source) || !open.remove(source.tokens())) {
            return false;
        }
        if (add(operation.path().tokens(), moved, open)) {
            return true;
        }
        // Applied by itself, a move is refused as a whole: so the removed value is put back first.
        add(source.tokens(), moved, open);
        return false;
    }
}
