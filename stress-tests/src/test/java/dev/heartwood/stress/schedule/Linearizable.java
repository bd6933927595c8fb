package dev.heartwood.stress.schedule;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Checks that operations that overlap come out as if they had run one after another, in an order that they could have. */
final class Linearizable {
    private final List<Operation> operations;
    private final Map<List<Integer>, Ending> oneByOne = new LinkedHashMap<>();

    Linearizable(List<Operation> operations) {
        this.operations = operations;
        orders(List.of(), order -> oneByOne.put(order, Ending.ofOneByOne(operations, order)));
    }

    /** Runs the operations at once, under the schedule. */
    void check(Schedule schedule) {
        Store store = Operation.store();
        Snapshot first = store.snapshot();
        List<Callable<String>> bodies = new ArrayList<>();
        operations.forEach(operation -> bodies.add(() -> operation.on(store, first)));

        Actors actors = Actors.run(schedule, bodies);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            answers.add(String.valueOf(actors.answer(i)));
        }
        Ending ending = new Ending(answers, Ending.leaves(store));
        boolean explained = oneByOne.entrySet().stream()
                .anyMatch(entry -> entry.getValue().equals(ending) && couldBe(entry.getKey(), actors));
        if (!explained) {
            throw new AssertionError(operations + " gave " + ending + ", and one after another " + oneByOne);
        }
    }

    /** Whether the order respects real time: no operation stands before another that had ended when it began. */
    private static boolean couldBe(List<Integer> order, Actors actors) {
        for (int i = 0; i < order.size(); i++) {
            for (int j = i + 1; j < order.size(); j++) {
                if (actors.before(order.get(j), order.get(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private void orders(List<Integer> begun, Consumer<List<Integer>> told) {
        if (begun.size() == operations.size()) {
            told.accept(begun);
            return;
        }
        for (int i = 0; i < operations.size(); i++) {
            if (!begun.contains(i)) {
                List<Integer> longer = new ArrayList<>(begun);
                longer.add(i);
                orders(longer, told);
            }
        }
    }
}
