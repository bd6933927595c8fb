/**
 * A store whose tree stands in a JSON file that people can read and edit.
 *
 * <p>Begin with {@link dev.heartwood.file.JsonFile}, which opens one;
 * {@link dev.heartwood.file.JsonFileOptions} says when a commit is on the disk, who may write, and what recovery may do.
 *
 * <pre>{@code
 * Path file = Path.of("state.json");
 * try (Store store = JsonFile.open(file)) {
 *     store.merge("visits", Long.class, 1L, Long::sum);            // on the disk when the call returns
 * }
 * JsonFile.backup(file, Path.of("backup.json"));                   // a consistent copy, also while the store is open
 * try (Store look = JsonFile.options().readOnly().open(file)) {    // changes no byte
 *     System.out.println(look.get("visits"));
 * }
 * }</pre>
 *
 * <p>For maintainers: read {@code Storage} first, the steps that one thread takes on the files. {@code FileRoot} is the view
 * that many threads have of it. {@code Disk} is all that both ask of a file system, so that a test can take its place and
 * crash.
 */
@NullMarked
package dev.heartwood.file;

import org.jspecify.annotations.NullMarked;
