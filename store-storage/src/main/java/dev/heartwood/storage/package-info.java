/** What the modules that store a tree have in common. */
@NullMarked
package dev.heartwood.storage;

import org.jspecify.annotations.NullMarked;
