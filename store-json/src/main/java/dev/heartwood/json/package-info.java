/**
 * Trees as JSON: read and written exactly, strictly and within limits; patches; mapping to and from users' classes.
 *
 * <p>{@link dev.heartwood.json.Json} is where to start; {@link dev.heartwood.json.JsonOptions} says what can be chosen.
 */
@NullMarked
package dev.heartwood.json;

import org.jspecify.annotations.NullMarked;
