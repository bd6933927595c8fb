/**
 * jcstress suites: what threads may see of one another. One class a property; in it a suite of the store, and a control
 * beside it, named {@code …Control}, that runs the same on a store with a defect and must show the fault.
 */
@NullMarked
package dev.heartwood.stress;

import org.jspecify.annotations.NullMarked;
