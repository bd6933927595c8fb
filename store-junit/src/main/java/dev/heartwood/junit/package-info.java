/**
 * Stores as parameters of JUnit tests: begin with {@link dev.heartwood.junit.HeartwoodExtension}. Assertions with diffs as
 * messages are in {@link dev.heartwood.junit.StoreAssertions}, for those who use AssertJ.
 *
 * <pre>{@code
 * @ExtendWith(HeartwoodExtension.class)
 * class PlannerTest {
 *     @Test
 *     void paysTheRent(@StoreFrom("/accounts.json") Store store) {
 *         new Planner(store).payRent();
 *         assertThat(store).hasValueAt("/account/rent", 900);
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.junit;

import org.jspecify.annotations.NullMarked;
