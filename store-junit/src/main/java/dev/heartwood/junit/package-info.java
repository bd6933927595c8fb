/**
 * Stores as parameters of JUnit tests. A failure shows the whole history of the store.
 *
 * <p>Begin with {@link dev.heartwood.junit.HeartwoodExtension}, and {@link dev.heartwood.junit.StoreFrom} for a store
 * that starts with a document. Assertions with diffs as messages are in {@link dev.heartwood.junit.StoreAssertions},
 * for users of AssertJ.
 *
 * <pre>{@code
 * import dev.heartwood.junit.*;
 * import org.junit.jupiter.api.Test;
 * import org.junit.jupiter.api.extension.ExtendWith;
 *
 * @ExtendWith(HeartwoodExtension.class)
 * class PlannerTest {
 *     @Test
 *     void paysTheRent(@StoreFrom("/accounts.json") Store store) {
 *         store.decrement(KeyPath.of("account", "rent"), 70);      // the code under test
 *         StoreAssertions.assertThat(store).hasValueAt("/account/rent", 30);
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.junit;

import org.jspecify.annotations.NullMarked;
