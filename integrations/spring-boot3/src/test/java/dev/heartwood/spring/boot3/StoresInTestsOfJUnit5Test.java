package dev.heartwood.spring.boot3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.history.History;
import dev.heartwood.junit.HeartwoodExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Stores as parameters of tests under JUnit 5, which applications of this version of Spring Boot have. */
@ExtendWith(HeartwoodExtension.class)
class StoresInTestsOfJUnit5Test {
    private static Store last;

    @BeforeEach
    void fill(Store store) {
        store.put("a", 1);
    }

    @Test
    void theStoreOfATestIsThatOfItsBeforeEach(Store store, History history, TestInfo test) {
        last = store;
        assertThat(store.get("a")).isEqualTo(1L);
        assertThat(history.entries()).hasSize(1);
        assertThat(ExtensionContext.class.getPackage().getImplementationVersion())
                .as("the version of JUnit, which is what this test is about")
                .startsWith("5.");
    }

    @AfterAll
    static void theStoreIsClosedAfterItsTest() {
        assertThatThrownBy(() -> last.put("a", 2)).isInstanceOf(StoreClosedException.class);
    }
}
