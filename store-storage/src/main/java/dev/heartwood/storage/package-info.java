/**
 * The common parts of the modules that store a tree.
 *
 * <p>For roots that share their storage, {@link dev.heartwood.storage.CommitQueue} holds the accepted
 * commits that are not decided yet, and {@link dev.heartwood.storage.PublishQueue} publishes the decided ones to readers.
 * The other types are about files, and about the text of edits.
 */
@NullMarked
package dev.heartwood.storage;

import org.jspecify.annotations.NullMarked;
