/**
 * Looks at a store: each commit with its difference, author and reason; the whole tree at any version; which commits
 * changed a place; search through time; any two versions compared.
 *
 * <p>{@link dev.heartwood.inspector.Report} writes a recorded history as one HTML file, which needs no network and can be
 * attached to a bug report. {@link dev.heartwood.inspector.Inspector} serves the same page to browsers on this computer,
 * while the program works.
 */
@NullMarked
package dev.heartwood.inspector;

import org.jspecify.annotations.NullMarked;
