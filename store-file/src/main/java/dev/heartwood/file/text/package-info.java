/**
 * The text of a file: how it is printed again after a small change, written as a stream, read by lines, and recognized.
 *
 * <p>Begin with {@link dev.heartwood.file.text.ContentDigest}, which tells one text from another, and
 * {@link dev.heartwood.file.text.IncrementalPrinter}, which prints only changed nodes.
 *
 * <p>Uses: {@code disk}.
 */
@NullMarked
package dev.heartwood.file.text;

import org.jspecify.annotations.NullMarked;
