package dev.heartwood.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Origins;
import dev.heartwood.Store;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A commit knows the line of code that made it. Tested from a package that is none of the library's. */
class CodeLineTest {
    private final Store store = Store.options().origins(Origins.WHERE).of(Map.of("counter", 0));

    @Test
    void aCommitNamesTheLineThatMadeIt() {
        store.increment("counter");

        assertThat(where())
                .startsWith("dev.heartwood.stress.CodeLineTest.aCommitNamesTheLineThatMadeIt(CodeLineTest.java:");
    }

    @Test
    void aBatchNamesTheLineThatBeganIt() {
        store.batch(tx -> tx.increment("counter"));

        assertThat(where()).contains("aBatchNamesTheLineThatBeganIt");
    }

    @Test
    void theJdkOnTheWayIsPassedOver() {
        store.asMap().compute("counter", (key, old) -> 7);
        assertThat(where()).contains("theJdkOnTheWayIsPassedOver");

        store.asMap().computeIfAbsent("other", key -> 8);
        assertThat(where()).contains("theJdkOnTheWayIsPassedOver");
    }

    @Test
    void vavrOnTheWayIsPassedOver() {
        io.vavr.collection.List.of("counter").forEach(store::increment);
        assertThat(where()).contains("vavrOnTheWayIsPassedOver");
    }

    @Test
    void whereNoCodeOfTheApplicationIsOnTheStackNothingIsRecorded() throws Exception {
        CompletableFuture.runAsync(store::clear).get();

        assertThat(where()).isNull();
        assertThat(store.snapshot().origin().thread()).isNotNull();
    }

    private String where() {
        return store.snapshot().origin().where();
    }
}
