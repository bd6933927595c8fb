/**
 * A store whose tree stands in a JSON file that people can read and edit.
 *
 * <p>Begin with {@link dev.heartwood.file.JsonFile}, which opens one; {@link dev.heartwood.file.JsonFileOptions} sets
 * when a commit is on the disk, whether the store may be written, and which repairs an opening may make.
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
 * <p>For maintainers: all below stands in packages that are not exported, and arrows between them go one way. From the
 * bottom up: {@code disk} (the file system, and the lock and token of the holder) and {@code context} (the options);
 * {@code text} and {@code journal} (the formats of the files); {@code edits} (the edits that people make in the file);
 * {@code checkpoint} (the files of an open store: read {@code Storage} first); {@code recovery} (the opening of the
 * files); {@code commit} (the threads: read {@code FileRoot} first); {@code reading} (programs that only look). Each
 * package page names those that the package uses.
 *
 * <p>Uses: {@code commit}, {@code context}, {@code reading}.
 */
@NullMarked
package dev.heartwood.file;

import org.jspecify.annotations.NullMarked;
