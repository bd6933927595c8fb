/** What the storage modules tell the Flight Recorder. */
@NullMarked
package dev.heartwood.flight;

import org.jspecify.annotations.NullMarked;
