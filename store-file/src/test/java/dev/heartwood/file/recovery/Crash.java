package dev.heartwood.file.recovery;

import dev.heartwood.file.disk.FileImage;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.Op;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The states that a power cut may leave: at each point of a trace, with each subset of the operations that were not yet
 * forced.
 */
public final class Crash {
    /** Up to so many loose parts, all subsets are tried; beyond, the extremes and some by chance. */
    private static final int EXHAUSTIVE_UNITS = 10;

    private final MemoryDisk disk;

    Crash(MemoryDisk disk) {
        this.disk = disk;
    }

    /** A state that a crash may leave before an operation, and the promises of the store by then. */
    record State(FileImage image, Op.Note promised, int point, String name) {}

    /** The state that running programs see before an operation, without a crash. */
    FileImage running(int point) {
        return state(point, List.of(), new BitSet()).image();
    }

    private record Unit(int op, int part) {}

    /** Visits every state, or at points with many loose parts {@code samples} of them. Answers how many. */
    int forEach(Random random, int samples, Consumer<State> visitor) {
        int states = 0;
        for (int point = 0; point <= disk.trace().size(); point++) {
            // A point after a note or a force is the same disk as before it, with a stronger promise or fewer choices.
            states += at(point, random, samples, visitor);
        }
        return states;
    }

    /** Visits some states by chance. */
    int some(Random random, int count, Consumer<State> visitor) {
        for (int i = 0; i < count; i++) {
            int point = random.nextInt(disk.trace().size() + 1);
            List<Unit> loose = loose(point);
            visitor.accept(state(point, loose, chance(random, loose.size())));
        }
        return count;
    }

    private int at(int point, Random random, int samples, Consumer<State> visitor) {
        List<Unit> loose = loose(point);
        int n = loose.size();
        if (n <= EXHAUSTIVE_UNITS) {
            for (long subset = 0; subset < 1L << n; subset++) {
                visitor.accept(state(point, loose, BitSet.valueOf(new long[] {subset})));
            }
            return 1 << n;
        }
        BitSet all = new BitSet();
        all.set(0, n);
        visitor.accept(state(point, loose, new BitSet()));
        visitor.accept(state(point, loose, all));
        for (int i = 0; i < n; i++) {
            BitSet allButOne = (BitSet) all.clone();
            allButOne.clear(i);
            visitor.accept(state(point, loose, allButOne));
        }
        for (int i = 0; i < samples; i++) {
            visitor.accept(state(point, loose, chance(random, n)));
        }
        return 2 + n + samples;
    }

    private static BitSet chance(Random random, int size) {
        int bias = 1 + random.nextInt(9);
        BitSet chosen = new BitSet();
        for (int i = 0; i < size; i++) {
            chosen.set(i, random.nextInt(10) < bias);
        }
        return chosen;
    }

    /** The operations before the point that were not forced before it. */
    private List<Unit> loose(int point) {
        List<Unit> loose = new ArrayList<>();
        List<Op> trace = disk.trace();
        Map<Integer, Integer> forced = forces(point);
        for (int i = 0; i < point; i++) {
            Op op = trace.get(i);
            if (op.object() >= 0 && forced.getOrDefault(op.object(), -1) < i) {
                for (int part = 0; part < FileImage.units(op); part++) {
                    loose.add(new Unit(i, part));
                }
            }
        }
        return loose;
    }

    private Map<Integer, Integer> forces(int point) {
        Map<Integer, Integer> forced = new HashMap<>();
        for (int i = 0; i < point; i++) {
            if (disk.trace().get(i) instanceof Op.Force force) {
                forced.put(force.inode(), i);
            }
        }
        return forced;
    }

    private State state(int point, List<Unit> loose, BitSet chosen) {
        FileImage image = disk.start().copy();
        image.prepare(disk.image());
        Map<Integer, BitSet> parts = new HashMap<>();
        for (int i = 0; i < loose.size(); i++) {
            Unit unit = loose.get(i);
            parts.computeIfAbsent(unit.op, op -> new BitSet()).set(unit.part, chosen.get(i));
        }
        Op.Note promised = new Op.Note(0, 0, 0);
        for (int i = 0; i < point; i++) {
            Op op = disk.trace().get(i);
            if (op instanceof Op.Note note) {
                promised = note;
            }
            for (int part = 0; part < FileImage.units(op); part++) {
                if (!parts.containsKey(i) || parts.get(i).get(part)) {
                    image.apply(op, part);
                }
            }
        }
        return new State(
                image,
                promised,
                point,
                "crash before operation " + point + " of " + disk.trace().size() + ", of the loose parts " + loose
                        + " only " + chosen + " reached the disk");
    }
}
