/**
 * A tree in a file that people read: the protocol by which it survives a crash.
 *
 * <p>Read {@link dev.heartwood.json.file.Storage} first: what one thread does to the files. {@code FileRoot} is what many threads
 * see of it. {@link dev.heartwood.json.file.Disk} is all that both ask of a file system, so that a test can take its
 * place and crash.
 */
@NullMarked
package dev.heartwood.json.file;

import org.jspecify.annotations.NullMarked;
