package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a derived value keeps of its reads, beside the read set of a batch that keeps the whole tree. */
class ReadImageTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theImageHoldsWhereTheReadSetSeesNoDifference(long seed) {
        Random random = new Random(seed);
        int held = 0;
        int rounds = 1_000;
        for (int round = 0; round < rounds; round++) {
            Snapshot before = Store.of(RebaseTest.smallTree()).snapshot();
            Transaction reader = new Transaction(before, false, false);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                read(reader, random);
            }
            ReadWriteSet reads = reader.readWriteSet();
            reader.end();
            ReadImage image = ReadImage.of(reads, before.tree());
            HashMap<String, Object> after = before.edit(rival -> {
                        for (int i = 1 + random.nextInt(3); i > 0; i--) {
                            write(rival, random);
                        }
                    })
                    .tree();
            boolean same = reads.same(before.tree(), after);
            assertThat(image.holdsIn(after))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(same);
            held += same ? 1 : 0;
        }
        assertThat(held).isBetween(rounds / 10, rounds * 9 / 10);
    }

    private static void read(Transaction tx, Random random) {
        KeyPath path = RebaseTest.place(random);
        try {
            switch (random.nextInt(4)) {
                case 0 -> assertThat(tx.contains(path)).isIn(true, false);
                case 1 -> assertThat(tx.size(path)).isNotNegative();
                case 2 -> assertThat(tx.keys(path)).doesNotContain("absent");
                default -> assertThat(tx.getOrDefault(path, "none")).isNotEqualTo("absent");
            }
        } catch (NoSuchPathException | TypeMismatchException e) {
            assertThat(e).hasMessageContaining("/"); // the refusal is a read, too
        }
    }

    private static void write(Transaction tx, Random random) {
        KeyPath path = RebaseTest.place(random);
        try {
            switch (random.nextInt(6)) {
                case 0 -> tx.set(path, random.nextInt(3));
                case 1 -> tx.set(path, HashMap.of("k1", 1L));
                case 2 -> tx.set(path, Vector.of(1L, 2L));
                case 3 -> tx.set(path, HashMap.empty());
                case 4 -> tx.set(path, 1L);
                default -> tx.discard(path);
            }
        } catch (NoSuchPathException | TypeMismatchException e) {
            assertThat(e).hasMessageContaining("/"); // nothing is there that could be written
        }
    }
}
