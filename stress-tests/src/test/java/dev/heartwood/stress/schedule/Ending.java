package dev.heartwood.stress.schedule;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.List;

/**
 * The results of operations on one store, and the final tree.
 *
 * @param answers one for each operation, in the order in which the operations were named
 * @param left the leaves of the tree
 */
record Ending(List<String> answers, String left) {
    /** Runs the operations one after another, in the order that the indices say. */
    static Ending ofOneByOne(List<Operation> operations, List<Integer> order) {
        Store store = Operation.store();
        Snapshot first = store.snapshot();
        String[] answers = new String[operations.size()];
        for (int i : order) {
            answers[i] = operations.get(i).on(store, first);
        }
        return new Ending(List.of(answers), leaves(store));
    }

    /** The leaves of a store. */
    static String leaves(Store store) {
        return store.leaves(KeyPath.root()).map(Object::toString).toList().toString();
    }
}
