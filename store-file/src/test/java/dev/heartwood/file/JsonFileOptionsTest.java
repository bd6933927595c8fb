package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.StoreOptions;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.Decimals;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each choice is kept whatever is chosen after it, and an opening that ends early leaves nothing open. */
class JsonFileOptionsTest extends JsonFileCase {
    private static final List<UnaryOperator<JsonFileOptions>> OTHERS = List.of(
            choice -> choice.generations(4),
            choice -> choice.store(Store.options()),
            choice -> choice.decimals(Decimals.SHORTEST),
            choice -> choice.onNotice(notice -> {}));

    @Test
    void whoReadsOnlyWritesNothingWhateverIsChosenAfterIt() {
        options.open(file).close();
        for (UnaryOperator<JsonFileOptions> other : OTHERS) {
            for (JsonFileOptions reading : List.of(options.readOnly(), options.follow())) {
                try (Store store = other.apply(reading).open(file)) {
                    assertThatThrownBy(() -> store.put("a", 1)).isInstanceOf(StoreIOException.class);
                }
            }
        }
    }

    @Test
    void exactDecimalsAndGuardsAreKeptWhicheverIsChosenFirst() {
        BigDecimal half = new BigDecimal("0.50");
        KeyPath path = KeyPath.of("half");
        StoreOptions guarded = Store.options()
                .guard("half", path, view -> "0.50".equals(String.valueOf(view.getOrDefault(path, half))));
        for (JsonFileOptions choice : List.of(
                options.decimals(Decimals.EXACT).store(guarded),
                options.store(guarded).decimals(Decimals.EXACT))) {
            try (Store store = choice.open(file)) {
                store.put(path, half);
                assertThat(store.get(path)).isEqualTo(half);
                assertThatThrownBy(() -> store.put(path, 2)).isInstanceOf(GuardException.class);
            }
        }
    }

    @Test
    void theSizeOfACommitIsKeptBesideTheAgeOfTheFile() {
        try (Store store =
                options.maxCommitBytes(100).readableWithin(Duration.ofDays(1)).open(file)) {
            assertThatThrownBy(() -> store.put("a", "x".repeat(200))).isInstanceOf(UnsupportedValueException.class);
        }
    }

    @Test
    void timesAndSizesOfNothingAreRefused() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatThrownBy(() -> options.readableWithin(none)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> options.mergeEdits(none)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> options.maxCommitBytes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHistoryHasTheDecimalsOfItsOptions() {
        JsonFileOptions exact = options.decimals(Decimals.EXACT);
        BigDecimal half = new BigDecimal("0.50");
        try (Store store = exact.open(file)) {
            store.as("ann").put("half", half);
        }
        assertThat(exact.history(file).blame(KeyPath.of("half")).after()).isEqualTo(half);
    }

    /** A guard may ask something that changes between the two times at which an opening asks it. */
    @Test
    void aFileThatCannotBecomeAStoreIsNotHeld() {
        AtomicInteger asked = new AtomicInteger();
        StoreOptions once = Store.options().guard("once", KeyPath.of("a"), view -> asked.getAndIncrement() == 0);
        assertThatThrownBy(() -> options.store(once).open(file)).isInstanceOf(GuardException.class);
        options.open(file).close();
    }

    @Test
    void anInterruptedThreadFollowsAndStaysInterrupted() {
        options.open(file).close();
        Thread.currentThread().interrupt();
        Store store = options.follow().open(file);
        assertThat(Thread.interrupted()).isTrue();
        store.close();
    }
}
