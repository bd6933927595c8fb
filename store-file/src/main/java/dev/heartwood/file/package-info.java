/**
 * A store whose tree stands in a JSON file that people can read and edit. Start with {@link dev.heartwood.file.JsonFile}.
 *
 * <p>For maintainers: read {@code Storage} first, the steps that one thread takes on the files. {@code FileRoot} is the view
 * that many threads have of it. {@code Disk} is all that both ask of a file system, so that a test can take its place and
 * crash.
 */
@NullMarked
package dev.heartwood.file;

import org.jspecify.annotations.NullMarked;
