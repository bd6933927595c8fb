/**
 * The file system as the store uses it, and the proof that this opening holds the store.
 *
 * <p>Begin with {@link dev.heartwood.file.disk.Disk}, the operations that the protocol needs and no more: a test takes
 * its place and crashes. {@link dev.heartwood.file.disk.StoreLayout} names the files of a store,
 * {@link dev.heartwood.file.disk.StoreLock} keeps other programs out, and {@link dev.heartwood.file.disk.HolderToken}
 * proves after each sync that they are out.
 *
 * <p>Uses: no other package of this module.
 */
@NullMarked
package dev.heartwood.file.disk;

import org.jspecify.annotations.NullMarked;
